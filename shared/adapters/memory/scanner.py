"""A scanner that knows one thing, the test file that all scanners know; https://www.eicar.org."""

from shared.ports import Content, Scan

NAME = "memory"
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE" + b"!$H+H*"
"""In two parts, so that no scanner takes this module for it."""
FINDING = "Eicar-Test-Signature"


class MemoryScanner:
    """Finds the test file wherever in a file it stands."""

    async def scan(self, content: Content) -> Scan:
        """As the port says."""
        whole = b"".join([chunk async for chunk in content])
        return Scan(NAME, FINDING if EICAR in whole else None)
