"""The realm of `deploy/keycloak` on a running Keycloak, and what its administrators do there."""

import html
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from real.servers.keycloak import ADMINISTRATOR, PASSWORD, Keycloak
from shared.adapters.identity import Terms
from tests.support.running import PROJECT

REALM: Path = PROJECT / "deploy" / "keycloak" / "cchc.json"
PROGRAM = "thu-thap-so-noi-vu"
SECRET = "mat-khau-cua-can-bo-1"  # noqa: S105 - of people who are made up
TERMS = Terms(
    audience="cchc",
    roles_claim="realm_access.roles",
    roles={
        "can-bo-co-quan": "agency",
        "hoi-dong": "council",
        "can-bo-dieu-tra": "survey-officer",
        "quan-tri": "administrator",
        "kiem-toan": "auditor",
    },
    agency_claim="agency",
    service_claim="client_id",
)
"""As the README has them."""
ASK_S_MAX = 30.0
FORM = re.compile(r'<form[^>]*action="([^"]+)"')
KEY_PROVIDER = "org.keycloak.keys.KeyProvider"


@dataclass(frozen=True, slots=True)
class Realm:
    """The realm, as its administrators and its people come to it."""

    server: Keycloak

    @property
    def issuer(self) -> str:
        """As its tokens name it."""
        return self.server.issuer

    @property
    def _place(self) -> str:
        return f"{self.server.url}/admin/realms/{REALM.stem}"

    def administer(self, method: str, path: str, body: object = None) -> httpx.Response:
        """Do something that only administrators of the provider may."""
        granted = httpx.post(
            f"{self.server.url}/realms/master/protocol/openid-connect/token",
            data={
                "grant_type": "password",
                "client_id": "admin-cli",
                "username": ADMINISTRATOR,
                "password": PASSWORD,
            },
            timeout=ASK_S_MAX,
        ).raise_for_status()
        headers = {"Authorization": f"Bearer {granted.json()['access_token']}"}
        address = path if path.startswith("http") else f"{self._place}{path}"
        answer = httpx.request(method, address, json=body, headers=headers, timeout=ASK_S_MAX)
        return answer.raise_for_status()

    def employ(self, name: str, role: str, agency: str = "") -> str:
        """A person with a role, of an agency; returns the id by which tokens name them."""
        credential = {"type": "password", "value": SECRET, "temporary": False}
        person = {
            "username": name,
            "enabled": True,
            "email": f"{name}@example.org",
            "emailVerified": True,
            "firstName": "An",
            "lastName": "Nguyễn",
            "attributes": {"agency": [agency]} if agency else {},
            "credentials": [credential],
        }
        place = self.administer("POST", "/users", person).headers["location"]
        self._give(place, role)
        return place.rpartition("/")[2]

    def serve(self, client: str, audience: str) -> str:
        """Another system's program, with the same role and agency; returns its token."""
        mapper = {"protocol": "openid-connect", "protocolMapper": "oidc-audience-mapper"}
        config = {"included.custom.audience": audience, "access.token.claim": "true"}
        described = {
            "clientId": client,
            "publicClient": False,
            "standardFlowEnabled": False,
            "serviceAccountsEnabled": True,
            "protocolMappers": [{**mapper, "name": "audience", "config": config}],
        }
        place = self.administer("POST", "/clients", described).headers["location"]
        account = self.administer("GET", f"{place}/service-account-user").json()
        self._give(f"{self._place}/users/{account['id']}", "kiem-toan")
        return self.token_of_program(client)

    def token_of_program(self, client: str = PROGRAM) -> str:
        """What a program gets for its secret (RFC 6749, 4.4)."""
        [found] = self.administer("GET", f"/clients?clientId={client}").json()
        secret = self.administer("GET", f"/clients/{found['id']}/client-secret").json()["value"]
        answer = self.granted({"grant_type": "client_credentials"}, (client, secret))
        token: str = answer["access_token"]
        return token

    def granted(
        self, form: Mapping[str, str], client: tuple[str, str] | None = None
    ) -> Mapping[str, Any]:
        """What is said at the token endpoint."""
        address = f"{self.issuer}/protocol/openid-connect/token"
        answer: Mapping[str, Any] = httpx.post(
            address, data=form, auth=client, timeout=ASK_S_MAX
        ).json()
        return answer

    def signed_in(self, address: str, who: str, password: str = SECRET) -> httpx.Response:
        """What a browser gets that signs in there: the way back, or the form again.

        Cookies are carried by hand: a browser takes the loopback for safe, and httpx does not.
        """
        with httpx.Client(timeout=ASK_S_MAX) as browser:
            page = browser.get(address).raise_for_status()
            cookies = [said.partition(";")[0] for said in page.headers.get_list("set-cookie")]
            [action] = FORM.findall(page.text)
            return browser.post(
                html.unescape(action),
                data={"username": who, "password": password},
                headers={"Cookie": "; ".join(cookies)},
            )

    def add_key(self) -> None:
        """Let a new key sign from now on; those before it still verify."""
        realm = self.administer("GET", "").json()["id"]
        config = {"priority": [str(int(time.monotonic() * 1000) + 1000)], "algorithm": ["RS256"]}
        key = {"name": "new", "providerId": "rsa-generated", "providerType": KEY_PROVIDER}
        self.administer("POST", "/components", {**key, "parentId": realm, "config": config})

    def retire_keys(self) -> None:
        """Let no key but the newest verify anything any more."""
        keys = self.administer("GET", "/keys").json()
        newest = keys["active"]["RS256"]
        for key in keys["keys"]:
            if key.get("algorithm") == "RS256" and key["kid"] != newest:
                place = f"/components/{key['providerId']}"
                component = self.administer("GET", place).json()
                component["config"] |= {"enabled": ["false"], "active": ["false"]}
                self.administer("PUT", place, component)

    def _give(self, user: str, role: str) -> None:
        described = self.administer("GET", f"/roles/{role}").json()
        self.administer("POST", f"{user}/role-mappings/realm", [described])
