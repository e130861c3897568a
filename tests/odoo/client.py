"""What integrators write against an Odoo with `auth_api_key`, by the package `requests`.

    python3 client.py http://127.0.0.1:8069 good-key-0123456789abcdef
"""

import itertools
import sys

import requests

URL, KEY = sys.argv[1:]


class RPCError(Exception):
    """The error of a call, by the name of the exception that Odoo raised."""

    def __init__(self, error):
        super().__init__(error["data"]["message"])
        self.code = error["code"]
        self.name = error["data"]["name"]


class Odoo:
    def __init__(self, url, key=None):
        self.url = url
        self.ids = itertools.count(1)
        self.session = requests.Session()
        if key is not None:
            self.session.headers["API-KEY"] = key

    def get(self, path, **params):
        response = self.session.get(self.url + path, params=params, timeout=10)
        response.raise_for_status()
        return response.json()

    def call(self, path, **params):
        ident = next(self.ids)
        payload = {"jsonrpc": "2.0", "method": "call", "params": params, "id": ident}
        response = self.session.post(self.url + path, json=payload, timeout=10)
        response.raise_for_status()
        answer = response.json()
        assert answer["jsonrpc"] == "2.0"
        if "error" in answer:
            raise RPCError(answer["error"])
        assert answer["id"] == ident
        return answer["result"]


def refused(call, *args, **kwargs):
    try:
        call(*args, **kwargs)
    except (requests.HTTPError, RPCError) as error:
        return error
    raise AssertionError("nothing was refused")


odoo = Odoo(URL, KEY)
me = {"uid": 6, "login": "api_user", "api_key_id": 1}

assert odoo.get("/my_service", x="1", y="ä b") == {**me, "params": {"x": "1", "y": "ä b"}}
assert odoo.get("/my_service/42") == {**me, "partner_id": 42, "params": {}}
form = odoo.session.post(URL + "/my_service/", data={"a": "form"}, timeout=10)
assert form.json() == {**me, "params": {"a": "form"}}
upload = {"f": ("f.txt", b"hello", "text/plain")}
upload = odoo.session.post(URL + "/args", data={"a": "1"}, files=upload, timeout=10)
assert upload.json() == {**me, "a": "1", "b": "2"}

assert odoo.call("/my_json", a=1) == {**me, "a": 1, "b": 2}
assert odoo.call("/my_json_kw", a=[1, {"b": None}], zz="ü")["kw"] == {"zz": "ü"}
error = refused(odoo.call, "/jerr", kind="validation")
assert (error.code, error.name) == (200, "odoo.exceptions.ValidationError")
assert str(error) == "a validation error"
error = refused(odoo.call, "/jerr", kind="http_session_expired")
assert (error.code, error.name) == (100, "odoo.http.SessionExpiredException")
error = refused(odoo.call, "/my_json")
assert error.name == "builtins.TypeError"

error = refused(odoo.get, "/err/access").response
assert (error.status_code, error.headers["Content-Type"]) == (403, "text/html; charset=utf-8")
assert refused(odoo.get, "/err/missing").response.status_code == 400
error = refused(odoo.get, "/err/badrequest").response
assert "bad &lt;b&gt;thing&lt;/b&gt;" in error.text
error = refused(odoo.get, "/err/value").response
assert (error.status_code, "a value error" in error.text) == (500, False)
expired = odoo.session.get(URL + "/err/http_session_expired", allow_redirects=False, timeout=10)
assert (expired.status_code, expired.headers["Location"]) == (303, "/web/login")
error = refused(odoo.call, "/jerr", kind="forbidden")
assert (error.code, error.name) == (200, "werkzeug.exceptions.Forbidden")
error = refused(odoo.call, "/jerr", kind="zero")
assert (error.name, str(error)) == ("builtins.ZeroDivisionError", "division by zero")

created = odoo.session.get(URL + "/ret/json201", timeout=10)
assert created.headers["Content-Type"] == "application/json; charset=utf-8"
report = odoo.session.get(URL + "/report", timeout=10)
assert (report.status_code, report.text) == (200, "Report for user 6")
assert report.headers["Content-Type"] == "text/plain"
disposition = "attachment; filename*=UTF-8''R%C3%A4port%201.txt"
assert report.headers["Content-Disposition"] == disposition
tag = report.headers["ETag"]
for known, status in [(tag, 304), (f'W/{tag}, "other"', 304), ("*", 304), ('"other"', 200)]:
    again = odoo.session.get(URL + "/report", headers={"If-None-Match": known}, timeout=10)
    assert (again.status_code, again.headers["ETag"]) == (status, tag), known

orders = {"sale_orders": [{}], "id": 5}
for method in "GET", "POST":
    answer = odoo.session.request(method, URL + "/sale_orders", json=orders, timeout=10)
    assert answer.json() == {"jsonrpc": "2.0", "id": 5, "result": {**me, "orders": 1}}
answer = odoo.session.post(URL + "/sale_orders", json={"sale_orders": []}, timeout=10)
assert answer.json()["error"]["data"]["name"] == "odoo.exceptions.UserError"
refusal = requests.post(URL + "/sale_orders", json=orders, timeout=10).json()
assert (refusal["id"], refusal["error"]["code"]) == (None, 200)

stranger = Odoo(URL)
assert stranger.get("/public") == {"uid": 4, "login": "public", "api_key_id": None}
assert refused(stranger.get, "/my_service").response.status_code == 401
assert refused(stranger.call, "/my_json", a=1).name == "werkzeug.exceptions.Unauthorized"
wrong = Odoo(URL, "wrong")
assert refused(wrong.get, "/my_service").response.status_code == 403
error = refused(wrong.call, "/my_json", a=1)
assert (error.name, str(error)) == ("odoo.exceptions.AccessDenied", "Access Denied")
