"""What clients of Odoo send to controllers of all shapes, by the package `requests`.

    python3 shapes.py http://127.0.0.1:8069 good-key
"""

import sys

import requests

URL, KEY = sys.argv[1:]
session = requests.Session()
session.headers["API-KEY"] = KEY


def send(method, path, **kwargs):
    return session.request(method, URL + path, timeout=10, allow_redirects=False, **kwargs)


def json(method, path, **kwargs):
    answer = send(method, path, **kwargs)
    assert answer.status_code == 200, (path, answer.status_code, answer.text)
    return answer.json()


def statuses(*paths):
    return [send("GET", path).status_code for path in paths]


# The keyword arguments of a handler: query string, form, files.
ticket = {"key": "key", "subject": "ä b", "priority": None, "tags": [], "letter": None, "files": []}
assert json("GET", "/ticket", params={"subject": "ä b", "unknown": "1"}) == ticket
assert json("POST", "/ticket", data={"subject": "ä b"}) == ticket
full = {**ticket, "priority": 3, "tags": ["x", "y"]}
sent = {"subject": "ä b", "priority": "3", "tags": ["x", "y"]}
assert json("POST", "/ticket", data=sent) == full
letter = ("letter.txt", b"dear", "text/plain")
files = [("letter", letter), ("files", ("a.bin", b"\x00\xff")), ("files", ("b.bin", b"1"))]
answer = json("POST", "/ticket?subject=query&tags=z", data=sent, files=files)
assert answer == {
    **full,
    "letter": ["letter.txt", "text/plain", 4],
    "files": [["a.bin", "", 2], ["b.bin", "", 1]],
}
assert json("POST", "/ticket?subject=query", data={"priority": "3"})["subject"] == "query"
for wrong, named in [
    ({"priority": "3"}, "subject"),
    ({"subject": "x", "priority": "300"}, "priority"),
    ({"subject": "x", "letter": "no file"}, "letter"),
]:
    answer = send("POST", "/ticket", data=wrong)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_argument")
    assert f"`{named}`" in answer.json()["detail"], answer.text
nothing = ("", b"", "application/octet-stream")
assert json("POST", "/ticket", data=sent, files={"letter": nothing}) == full
assert requests.post(URL + "/ticket", data=sent, timeout=10).status_code == 401
answer = json("POST", "/kw?a=1&a=2&session_id=x", data={"b": ""}, files={"f": letter})
assert answer == {"a": "1", "b": "", "f": "letter.txt"}
assert json("POST", "/kw?a=1", json={"b": 2}) == {"a": "1"}

# Names that also come from a form, where the route says so.
order = {"id": 7, "note": None, "qty": 2, "letter": None, "files": [], "agent": True}
assert json("GET", "/order/7", params={"qty": 2}) == order
assert json("POST", "/order/7?qty=1", data={"qty": 2, "note": ""}) == {**order, "note": ""}
answer = json("POST", "/order/7", data={"qty": 2}, files=files)
assert answer["letter"] == ["letter.txt", "text/plain", 4]
assert [name for name, _, _ in answer["files"]] == ["a.bin", "b.bin"]
for wrong, named in [({}, "qty"), ({"qty": "x"}, "qty"), ({"qty": 1, "letter": "x"}, "letter")]:
    answer = send("POST", "/order/7", data=wrong)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_argument")
    assert f"`{named}`" in answer.json()["detail"], answer.text
answer = send("POST", "/order/7", files={"qty": letter})
assert "a file was sent" in answer.json()["detail"]
assert requests.post(URL + "/order/7", data={"qty": 2}, timeout=10).status_code == 401

# Converters.
assert [json("GET", f"/int/{text}") for text in ("42", "-1", "007")] == [42, -1, 7]
assert statuses("/int/+1", "/int/1.5", "/int/abc", "/int/-", "/int/1e5") == [404] * 5
assert json("GET", "/small/99") == 99
assert statuses("/small/0", "/small/100") == [404] * 2
assert json("GET", "/float/1.5") == 1.5
assert statuses("/float/1", "/float/-1.5", "/float/1.", "/float/inf") == [404] * 4
for slug, ident in [("azure-interior-12", 12), ("12", 12), ("a-1", 1), ("é_-2-3", 3), ("x--12", 12)]:
    assert json("GET", f"/slug/{slug}") == ident, slug
assert statuses("/slug/azure", "/slug/12-azure", "/slug/a.b-1", "/slug/--1", "/slug/x12") == [404] * 5
assert json("GET", "/fr/about") == "fr"
assert json("GET", "/%C3%A9%C3%A8/about") == "éè"
assert statuses("/fra/about", "/f/about") == [404] * 2
assert json("GET", "/asset/css") == "css"
assert statuses("/asset/CSS", "/asset/png") == [404] * 2

assert json("GET", "/page/42") == 42
assert json("GET", "/page/publish") == "publish"
assert json("GET", "/size/40x30") == ["40", "30"]

# A service of `base_rest`.
assert json("GET", "/my_api/partner/7") == json("GET", "/my_api/partner/7/get") == {"id": 7}
assert json("GET", "/my_api/partner/search", params={"name": "x"}) == {"name": "x"}
created = json("POST", "/my_api/partner/create", json={"name": "x"})
assert created == {"user": "6", "partner": {"name": "x"}}
missing = send("GET", "/my_api/partner/8")
assert (missing.status_code, missing.headers["Access-Control-Allow-Origin"]) == (404, "*")
assert requests.get(URL + "/my_api/partner/7", timeout=10).status_code == 401

# Web pages of several origins, with further headers.
for origin in "https://app.example.com", "https://shop.example.com", "https://evil.example":
    page = {"Origin": origin}
    asked = {**page, "Access-Control-Request-Method": "POST"}
    preflight = requests.options(URL + "/shared", headers=asked, timeout=10)
    answer = send("POST", "/shared", headers=page)
    assert (preflight.status_code, answer.text) == (204, "shared")
    allowed = preflight.headers["Access-Control-Allow-Headers"].split(", ")
    assert {"api-key", "traceparent", "mcp-session-id"} < set(allowed)
    named = None if "evil" in origin else origin
    for told in preflight, answer:
        assert told.headers.get("Access-Control-Allow-Origin") == named
    readable = answer.headers.get("Access-Control-Expose-Headers")
    assert readable == (named and "traceparent, mcp-session-id")

# Exceptions: the status of the page, the status that Werkzeug says in the envelope.
PAGES = {
    "UserError": 400,
    "AccessError": 403,
    "AccessDenied": 403,
    "MissingError": 400,
    "ValidationError": 400,
    "LockError": 409,
    "CacheMiss": 500,
    "ConcurrencyError": 500,
    "RedirectWarning": 500,
}
HTTP = {
    "BadRequest": 400,
    "ClientDisconnected": 400,
    "SecurityError": 400,
    "BadHost": 400,
    "Unauthorized": 401,
    "Forbidden": 403,
    "NotFound": 404,
    "MethodNotAllowed": 405,
    "NotAcceptable": 406,
    "RequestTimeout": 408,
    "Conflict": 409,
    "Gone": 410,
    "LengthRequired": 411,
    "PreconditionFailed": 412,
    "RequestEntityTooLarge": 413,
    "RequestURITooLarge": 414,
    "UnsupportedMediaType": 415,
    "RequestedRangeNotSatisfiable": 416,
    "ExpectationFailed": 417,
    "ImATeapot": 418,
    "MisdirectedRequest": 421,
    "UnprocessableEntity": 422,
    "Locked": 423,
    "FailedDependency": 424,
    "PreconditionRequired": 428,
    "TooManyRequests": 429,
    "RequestHeaderFieldsTooLarge": 431,
    "UnavailableForLegalReasons": 451,
    "InternalServerError": 500,
    "NotImplemented": 501,
    "BadGateway": 502,
    "ServiceUnavailable": 503,
    "GatewayTimeout": 504,
    "HTTPVersionNotSupported": 505,
}


def raised(name):
    answer = send("GET", f"/raise/{name}")
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    return answer


def error(name):
    call = {"jsonrpc": "2.0", "method": "call", "params": {"name": name}, "id": 3}
    answer = json("POST", "/rpc/raise", json=call)
    assert (answer["jsonrpc"], answer["id"]) == ("2.0", 3)
    return answer["error"]


for name, status in PAGES.items():
    page, told = raised(name), error(name)
    assert page.status_code == status, name
    assert ("a text" in page.text) == (status != 500 and name != "AccessDenied"), name
    assert (told["code"], told["message"]) == (200, "Odoo Server Error")
    assert told["data"]["name"] == f"odoo.exceptions.{name}"
    assert told["data"]["debug"] == ""
assert error("UserError")["data"]["arguments"] == ["a text"]
assert error("AccessDenied")["data"]["message"] == "Access Denied"
assert error("RedirectWarning")["data"]["arguments"] == ["a text", 7, "Go", None]
assert error("RedirectWarning")["data"]["message"] == "a text\n7\nGo\nNone"
for name, status in HTTP.items():
    page, told = raised(name), error(name)
    assert page.status_code == status, name
    code, message = (404, "404: Not Found") if status == 404 else (200, "Odoo Server Error")
    assert (told["code"], told["message"]) == (code, message), name
    assert told["data"]["name"] == f"werkzeug.exceptions.{name}"
    assert told["data"]["message"].startswith(f"{status} "), name
    assert told["data"]["arguments"] == [], name
assert raised("MethodNotAllowed").headers["Allow"] == "GET"
assert raised("UserError of 19").status_code == 422
assert raised("BadRequestKeyError").status_code == 400
assert error("BadRequestKeyError")["data"]["arguments"] == ["a text"]
page = raised("SessionExpiredException")
assert (page.status_code, page.headers["Location"]) == (303, "/web/login")
assert error("SessionExpiredException")["code"] == 100
page = raised("ZeroDivisionError")
assert (page.status_code, "a text" in page.text) == (500, False)
assert error("ZeroDivisionError")["data"]["name"] == "builtins.ZeroDivisionError"

# A body without an envelope.
for method in "GET", "POST":
    body = {"sale_orders": [{}], "id": 5}
    answer = json(method, "/rpc/raw", json=body)
    length = len(requests.Request("POST", URL, json=body).prepare().body)
    result = {"whole": body, "length": length}
    assert answer == {"jsonrpc": "2.0", "id": 5, "result": result}
assert send("POST", "/rpc/raw", json=[{}]).status_code == 400
assert requests.post(URL + "/rpc/raw", json={}, timeout=10).json()["error"]["code"] == 200

# Files.
report = send("GET", "/report")
assert (report.status_code, report.content) == (200, b"a report")
assert report.headers["Content-Type"] == "application/pdf"
name = "attachment; filename*=UTF-8''R%C3%A4port%20%281%29.pdf"
assert report.headers["Content-Disposition"] == name
tag = report.headers["ETag"]
for known, status in [(tag, 304), (f'W/{tag}, "x"', 304), ("*", 304), ('"x"', 200)]:
    again = send("GET", "/report", headers={"If-None-Match": known})
    assert (again.status_code, again.headers["ETag"]) == (status, tag), known
on_disk = send("GET", "/on_disk")
assert (on_disk.status_code, "requests" in on_disk.text) == (200, True)
assert on_disk.headers["Content-Disposition"] == "attachment; filename*=UTF-8''shapes.py"
again = send("GET", "/on_disk", headers={"If-None-Match": on_disk.headers["ETag"]})
assert again.status_code == 304
part = send("GET", "/on_disk", headers={"Range": "bytes=0-2"})
assert (part.status_code, part.text) == (206, '"""')
assert requests.get(URL + "/on_disk", timeout=10).status_code == 401
