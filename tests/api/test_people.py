"""Users, and the account with its sync policy."""

from support.account import PASSWORD, Office, phone_of, sign_in


async def test_a_user_switched_off_is_signed_out_everywhere(office: Office) -> None:
    path = f"/v1/users/{office.ivan.worker_id}"
    off = await office.desk.patch(path, json={"active": False, "name": "Иван Петров"})
    assert (off.status_code, off.json()["active"], off.json()["name"]) == (200, False, "Иван Петров")
    assert (await office.ivan.http.get("/v1/me")).status_code == 401
    assert (await sign_in(office.api, office.ivan.login, office.ivan.device_id)).status_code == 401
    assert (await office.desk.patch(path, json={"active": True})).status_code == 200
    again = await phone_of(office.api, office.ivan.login, office.ivan.worker_id)
    await again.http.aclose()


async def test_a_new_password_counts_at_once(office: Office) -> None:
    await office.desk.patch(f"/v1/users/{office.ivan.worker_id}", json={"password": "другой"})
    assert (await sign_in(office.api, office.ivan.login, office.ivan.device_id)).status_code == 401
    new = await sign_in(office.api, office.ivan.login, office.ivan.device_id, password="другой")
    assert new.status_code == 201


async def test_what_a_user_cannot_become(office: Office) -> None:
    path, me = f"/v1/users/{office.ivan.worker_id}", (await office.desk.get("/v1/me")).json()["user"]["id"]
    assert (await office.desk.patch(path, json={"role": "admin"})).status_code == 422
    assert (await office.desk.patch(path, json={"time_zone": "Mars/Olympus"})).status_code == 422
    assert (await office.desk.patch(path, json={"login": office.olga.login})).status_code == 409
    assert (await office.desk.patch(f"/v1/users/{me}", json={"active": False})).status_code == 422
    assert (await office.ivan.http.patch(path, json={"name": "x"})).status_code == 403


async def test_a_zone_of_ones_own_is_set_and_cleared(office: Office) -> None:
    path = f"/v1/users/{office.ivan.worker_id}"
    assert (await office.desk.patch(path, json={"time_zone": "Asia/Omsk"})).json()["time_zone"] == "Asia/Omsk"
    assert "time_zone" not in (await office.desk.patch(path, json={"time_zone": None})).json()


async def test_a_changed_policy_reaches_the_phones(office: Office) -> None:
    await office.ivan.sync()
    changed = await office.desk.patch(
        "/v1/account", json={"policy": {"interval_s": 60}, "name": "Ромашка и Ко"}
    )
    assert changed.status_code == 200, changed.text
    policy = changed.json()["policy"]
    assert policy["interval_s"] == 60
    answer = (await office.ivan.post()).json()
    assert answer["policy"] == policy
    office.ivan.take(answer)
    again = await office.desk.patch("/v1/account", json={"policy": {"interval_s": 60}})
    assert again.json()["policy"]["version"] == policy["version"]
    assert "policy" not in (await office.ivan.post()).json()
    assert (await office.desk.get("/v1/account")).json()["name"] == "Ромашка и Ко"
    assert (await office.desk.patch("/v1/account", json={"policy": {"interval_s": 1}})).status_code == 422


async def test_a_password_is_never_answered(office: Office) -> None:
    assert PASSWORD not in (await office.desk.get("/v1/users")).text
