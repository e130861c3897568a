"""What a client of an endpoint of `fastapi_auth_api_key` sends, by the package `requests`.

    python3 fastapi.py http://127.0.0.1:8069 shop-key erp-key
"""

import sys

import requests

URL, SHOP, ERP = sys.argv[1:]


def send(key, body):
    headers = {"HTTP-API-KEY": key} if key else {}
    return requests.post(URL + "/partners/7?lang=fr", json=body, headers=headers, timeout=10)


answer = send(SHOP, {"name": "Azure"})
assert answer.status_code == 200, answer.text
assert answer.json() == {"user": "6", "id": 7, "lang": "fr", "name": "Azure"}
assert send(SHOP, {"name": 7}).status_code == 422
for key in [ERP, "wrong", None]:
    answer = send(key, {"name": "Azure"})
    assert answer.status_code == 401, (key, answer.status_code)
    assert "HTTP-API-KEY" in answer.headers["WWW-Authenticate"]
headers = {"API-KEY": SHOP}
answer = requests.post(URL + "/partners/7", json={"name": "Azure"}, headers=headers, timeout=10)
assert answer.status_code == 401
