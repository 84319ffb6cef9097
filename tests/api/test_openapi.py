"""The OpenAPI document says what clients are generated from."""

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
