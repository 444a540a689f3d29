"""A Dovecot of our own: its folders, one port with TLS and nothing else of the machine, no root, gone afterwards."""

import grp
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import trustme

PATIENCE = 30
USER, PASSWORD = "bounces", "sesame"
UNPRIVILEGED = "nobody"
"""Who it runs as where the tests run as root: it lets nobody read mail as root."""
SETTINGS = """\
protocols = imap
listen = 127.0.0.1
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
default_login_user = {user}
default_internal_user = {user}
default_internal_group = {group}
first_valid_uid = 1
mail_location = maildir:{folder}/mail
ssl = required
ssl_cert = <{folder}/certificate.pem
ssl_key = <{folder}/key.pem
auth_mechanisms = plain
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = 0
  }}
  inet_listener imaps {{
    port = {port}
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""


@dataclass
class Dovecot:
    """A running mail server with one mailbox, and the file of certificates that trusts it."""

    folder: Path
    port: int
    owner: pwd.struct_passwd
    delivered: int = 0

    @property
    def url(self) -> str:
        """How a setting names the mailbox."""
        return f"imaps://{USER}:{PASSWORD}@127.0.0.1:{self.port}/INBOX"

    @property
    def authority(self) -> Path:
        """Whose certificates it has."""
        return self.folder / "authority.pem"

    @property
    def log(self) -> str:
        """What it says it did."""
        file = self.folder / "log"
        return file.read_text(errors="replace") if file.exists() else "(it says nothing)"

    def deliver(self, raw: bytes) -> None:
        """A message comes, as a mail system delivers into a Maildir: written whole, then moved in."""
        self.delivered += 1
        name = f"{time.time_ns()}.{self.delivered}.localhost"
        path = self.folder / "mail/tmp" / name
        path.write_bytes(raw)
        os.chown(path, self.owner.pw_uid, self.owner.pw_gid)
        path.rename(self.folder / "mail/new" / name)

    def flags(self) -> list[str]:
        """The flags of every message that was looked at, as the names of its files have them; `S` is read."""
        return sorted(path.name.rpartition(":2,")[2] for path in (self.folder / "mail/cur").iterdir())

    def empty(self) -> None:
        """Throw all mail away, and what the server remembers of it."""
        for path in (self.folder / "mail").iterdir():
            if path.is_dir():
                for one in path.iterdir():
                    one.unlink()
            else:
                path.unlink()


def program() -> Path | None:
    """Where it is installed with IMAP."""
    found = shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    return Path(found) if found and Path("/usr/lib/dovecot/imap").exists() else None


@contextmanager
def running(binary: Path) -> Iterator[Dovecot]:
    """Start it as somebody without rights, and end it by its own process."""
    is_root = os.geteuid() == 0
    owner = pwd.getpwnam(UNPRIVILEGED) if is_root else pwd.getpwuid(os.geteuid())
    folder = Path(tempfile.mkdtemp(prefix="mailbox-"))  # not below pytest's, where nobody else may go
    server = Dovecot(folder, free_port(), owner)
    prepare(server)
    process = subprocess.Popen(
        [str(binary), "-F", "-c", str(folder / "dovecot.conf")],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        user=owner.pw_uid if is_root else None,
        group=owner.pw_gid if is_root else None,
        extra_groups=[] if is_root else None,
    )
    try:
        wait_for(server, process)
        yield server
    finally:
        process.terminate()
        process.wait(PATIENCE)
        shutil.rmtree(folder, ignore_errors=True)


def prepare(server: Dovecot) -> None:
    """Lay out its folders, its certificate and its settings."""
    folder, owner = server.folder, server.owner
    for name in ("run", "state", "mail", "mail/new", "mail/cur", "mail/tmp"):
        (folder / name).mkdir()
    authority = trustme.CA()
    certificate = authority.issue_cert("127.0.0.1")
    authority.cert_pem.write_to_path(str(server.authority))
    certificate.private_key_pem.write_to_path(str(folder / "key.pem"))
    certificate.cert_chain_pems[0].write_to_path(str(folder / "certificate.pem"))
    settings = SETTINGS.format(
        folder=folder,
        port=server.port,
        user=owner.pw_name,
        group=grp.getgrgid(owner.pw_gid).gr_name,
        uid=owner.pw_uid,
        gid=owner.pw_gid,
        password=PASSWORD,
    )
    (folder / "dovecot.conf").write_text(settings)
    for path in (folder, *folder.rglob("*")):
        os.chown(path, owner.pw_uid, owner.pw_gid)


def wait_for(server: Dovecot, process: subprocess.Popen[bytes]) -> None:
    """Wait until it listens."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", server.port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError(f"Dovecot does not listen:\n{server.log}")


def free_port() -> int:
    """A port that nobody has."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
