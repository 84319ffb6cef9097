"""Would the proof notice? Builds with one classical mistake each fail it, by the same checks that the real
build passes, and the verdict names what broke."""

import pytest

from support import faulty_builds, scenes
from support.faulty_builds import Build
from support.ground import Ground
from support.scenes import SCENES, Scene
from support.verdict import Broken

CONTROLS = [
    (faulty_builds.bare_sequence, scenes.two_desks_write_at_once, "jobs missing on the phone"),
    (
        faulty_builds.acknowledges_before,
        scenes.the_server_dies_at_the_commit,
        "acknowledged without its effect",
    ),
    (
        faulty_builds.acknowledges_after,
        scenes.the_server_dies_after_the_commit,
        "made by a phone without an operation",
    ),
    (
        faulty_builds.answers_before_commit,
        scenes.the_server_dies_after_the_answer,
        "neither on the phone nor acknowledged",
    ),
    (faulty_builds.downloads_when_idle, scenes.news_while_the_worker_works_on, "fields of a job differ"),
    (faulty_builds.forgets_base, scenes.pages_of_jobs_that_changed_twice, "fields of a job differ"),
]


def name(value: object) -> str | None:
    return getattr(value, "__name__", None)


@pytest.mark.parametrize("scene", SCENES, ids=name)
def test_the_real_build_comes_out_of_it(ground: Ground, scene: Scene) -> None:
    with ground.company() as company:
        ground.portal.call(scene, company)


@pytest.mark.parametrize(("build", "scene", "reason"), CONTROLS, ids=name)
def test_a_faulty_build_is_found_out(ground: Ground, build: Build, scene: Scene, reason: str) -> None:
    with (
        ground.company() as company,
        ground.portal.wrap_async_context_manager(build(company)),
        pytest.raises(Broken, match=reason),
    ):
        ground.portal.call(scene, company)
