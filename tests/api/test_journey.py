"""A job goes to the phone and comes back."""

from support.account import Office


async def test_a_published_job_reaches_the_phone_and_its_report_comes_back(office: Office) -> None:
    job = await office.create_job(custom_fields={"floor": 3}, client={"name": "Петрова"})
    await office.ivan.sync()
    held = office.ivan.jobs[job["id"]]
    assert held == job

    answer = await office.ivan.sync(
        office.ivan.operation(held, "set_state", state="started"),
        office.ivan.operation(held, "set_report", fields={"meter": 123}),
    )

    assert [one["status"] for one in answer["results"]] == ["applied", "applied"]
    assert answer["acknowledged"] == 2
    seen = await office.job(job["id"])
    assert (seen["state"], seen["report"]) == ("started", {"meter": 123})
    assert office.ivan.jobs[job["id"]] == seen
