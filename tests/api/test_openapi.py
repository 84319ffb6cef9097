"""The OpenAPI document says what clients are generated from."""

from support.account import Office
from support.conflicts import overrode, resolve
from support.server import Api, client


async def test_problems_and_the_ways_to_be_known_are_declared(api: Api) -> None:
    async with client(api.url) as http:
        described = (await http.get("/openapi.json")).json()
        assert (await http.get("/docs")).status_code == 200
    assert described["openapi"].startswith("3.1")
    assert set(described["components"]["securitySchemes"]) == {"bearer", "console", "field"}
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            signed_out = (path, method) in {("/v1/sessions", "post"), ("/v1/uploads", "options")}
            assert bool(operation.get("security")) is not signed_out, (path, method)
            assert {"422", "500", "503"} <= operation["responses"].keys(), (path, method)
            assert method == "options" or "401" in operation["responses"], (path, method)
            for status, answer in operation["responses"].items():
                if status >= "400":
                    assert set(answer["content"]) == {"application/problem+json"}, (path, method, status)


async def test_conflict_cards_are_described_with_true_examples(office: Office) -> None:
    described = (await office.desk.get("/openapi.json")).json()
    schemas = described["components"]["schemas"]
    for name, members in (
        ("ConflictAnswer", {"id", "kind", "operation", "fields"}),
        ("ConflictsAnswer", {"conflicts", "open"}),
        ("JobConflictsAnswer", {"conflicts"}),
        ("Resolve", {"take"}),
    ):
        assert schemas[name]["examples"], name
        for example in schemas[name]["examples"]:
            assert members <= example.keys() <= schemas[name]["properties"].keys(), name
    card = await overrode(office)
    closed = (await resolve(office, card, "current")).json()
    assert closed.keys() <= schemas["ConflictAnswer"]["properties"].keys()
    for path, method in (
        ("/v1/conflicts", "get"),
        ("/v1/conflicts/{conflict_id}/resolve", "post"),
        ("/v1/jobs/{id}/conflicts", "get"),
    ):
        assert described["paths"][path][method]["description"], path
