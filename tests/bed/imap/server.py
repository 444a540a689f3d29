"""A real IMAP server over a socket: as much of IMAP4rev1 as reading an inbox takes, and it misbehaves when told to."""

import asyncio
import base64
import re
import ssl
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

PATIENCE = 10
Answer = Callable[["Conversation", str, str], Awaitable[None]]


@dataclass
class Message:
    """A message and its flags."""

    raw: bytes
    flags: set[str] = field(default_factory=set)


@dataclass
class ImapPeer:
    """What the test holds: the mailbox, who may sign in, what was said, and what the server refuses to do."""

    host: str = "127.0.0.1"
    port: int = 0
    user: str = "bounces"
    password: str = "sesame"
    messages: dict[int, Message] = field(default_factory=dict)
    capabilities: tuple[str, ...] = ("IMAP4rev1", "AUTH=PLAIN")
    permanent_flags: str = r"\Answered \Flagged \Deleted \Seen \Draft \*"
    commands: list[str] = field(default_factory=list)
    secured: list[bool] = field(default_factory=list)
    refuses: set[str] = field(default_factory=set)
    drops: set[str] = field(default_factory=set)
    folders: tuple[str, ...] = ("INBOX",)

    def put(self, raw: bytes) -> int:
        """A message comes."""
        number = max(self.messages, default=0) + 1
        self.messages[number] = Message(raw)
        return number

    def flags(self) -> dict[int, set[str]]:
        """The flags of every message."""
        return {number: message.flags for number, message in self.messages.items()}

    def url(self, scheme: str = "imap", query: str = "?starttls=0") -> str:
        """How a setting names the mailbox."""
        return f"{scheme}://{self.user}:{self.password}@{self.host}:{self.port}/INBOX{query}"


class Conversation:
    """One connection."""

    def __init__(
        self, peer: ImapPeer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, tls: ssl.SSLContext | None
    ) -> None:
        self.peer, self.reader, self.writer, self.tls = peer, reader, writer, tls
        self.is_open = True

    async def run(self) -> None:
        """Answer line by line until the client has gone."""
        await self.say(f"* OK [CAPABILITY {self.capability()}] here")
        while self.is_open:
            line = (await self.reader.readline()).decode()
            if not line:
                return
            tag, _, rest = line.strip().partition(" ")
            command, _, arguments = rest.partition(" ")
            if command.upper() == "UID":
                command, _, arguments = arguments.partition(" ")
            await self.answer(tag, command.upper(), arguments)

    async def answer(self, tag: str, command: str, arguments: str) -> None:
        """Do one command, refuse it, or break off."""
        self.peer.commands.append(command)
        self.peer.secured.append(self.writer.get_extra_info("ssl_object") is not None)
        if command in self.peer.drops:
            self.writer.transport.abort()
            self.is_open = False
        elif command in self.peer.refuses or command not in ANSWERS:
            await self.say(f"{tag} NO not today")
        else:
            await ANSWERS[command](self, tag, arguments)

    async def say(self, line: str, literal: bytes | None = None) -> None:
        """Say a line; with a literal, that and the bracket after it."""
        self.writer.write(f"{line}\r\n".encode())
        if literal is not None:
            self.writer.write(literal + b")\r\n")
        await self.writer.drain()

    def capability(self) -> str:
        """What the server can do on this connection."""
        offers = self.tls is not None and self.writer.get_extra_info("ssl_object") is None
        return " ".join((*self.peer.capabilities, *(["STARTTLS"] if offers else [])))

    async def tell_capability(self, tag: str, _: str) -> None:
        await self.say(f"* CAPABILITY {self.capability()}")
        await self.say(f"{tag} OK done")

    async def start_tls(self, tag: str, _: str) -> None:
        await self.say(f"{tag} OK go on")
        await self.writer.start_tls(self.tls)  # type: ignore[arg-type]

    async def authenticate(self, tag: str, _: str) -> None:
        await self.say("+ ")
        given = base64.b64decode(await self.reader.readline()).decode().split("\0")[1:]
        await self.let_in(tag, given)

    async def login(self, tag: str, arguments: str) -> None:
        await self.let_in(
            tag, [re.sub(r"\\(.)", r"\1", word) for word in re.findall(r'"((?:[^"\\]|\\.)*)"', arguments)]
        )

    async def let_in(self, tag: str, given: list[str]) -> None:
        is_right = given == [self.peer.user, self.peer.password]
        await self.say(f"{tag} OK come in" if is_right else f"{tag} NO [AUTHENTICATIONFAILED] wrong name or password")

    async def select(self, tag: str, arguments: str) -> None:
        if arguments.strip('"') not in self.peer.folders:
            await self.say(f"{tag} NO no such folder")
            return
        await self.say(f"* {len(self.peer.messages)} EXISTS")
        await self.say(f"* OK [PERMANENTFLAGS ({self.peer.permanent_flags})] these last")
        await self.say(f"{tag} OK [READ-WRITE] chosen")

    async def search(self, tag: str, arguments: str) -> None:
        unwanted = {"\\Seen", "\\Deleted", *re.findall(r"UNKEYWORD (\S+)", arguments)}
        found = [number for number, message in self.peer.messages.items() if not message.flags & unwanted]
        await self.say(" ".join(["* SEARCH", *map(str, found)]))
        await self.say(f"{tag} OK done")

    async def fetch(self, tag: str, arguments: str) -> None:
        number, _, items = arguments.partition(" ")
        message = self.peer.messages.get(int(number))
        most = re.search(r"BODY\.PEEK\[\]<0\.(\d+)>", items)
        assert most, "only the beginning of a message may be asked for, without marking it"
        if message is not None:
            part = message.raw[: int(most[1])]
            await self.say(f"* {number} FETCH (UID {number} BODY[]<0> {{{len(part)}}}", part)
        await self.say(f"{tag} OK done")

    async def store(self, tag: str, arguments: str) -> None:
        number, _, change = arguments.partition(" ")
        flags = re.search(r"\((.*)\)", change)
        assert flags
        self.peer.messages[int(number)].flags |= set(flags[1].split())
        await self.say(f"{tag} OK done")

    async def log_out(self, tag: str, _: str) -> None:
        await self.say("* BYE so long")
        await self.say(f"{tag} OK done")
        self.is_open = False


ANSWERS: dict[str, Answer] = {
    "CAPABILITY": Conversation.tell_capability,
    "STARTTLS": Conversation.start_tls,
    "AUTHENTICATE": Conversation.authenticate,
    "LOGIN": Conversation.login,
    "SELECT": Conversation.select,
    "SEARCH": Conversation.search,
    "FETCH": Conversation.fetch,
    "STORE": Conversation.store,
    "LOGOUT": Conversation.log_out,
}


@contextmanager
def serving(*, tls: ssl.SSLContext | None = None, at_once: bool = False) -> Iterator[ImapPeer]:
    """Run a server for a while; with `tls` it offers STARTTLS, or speaks it `at_once`."""
    peer, ready, loop = ImapPeer(), threading.Event(), asyncio.new_event_loop()
    ended = asyncio.Event()

    async def serve() -> None:
        async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            try:
                await Conversation(peer, reader, writer, tls).run()
            except (OSError, ssl.SSLError, asyncio.IncompleteReadError):
                pass
            finally:
                writer.close()

        server = await asyncio.start_server(converse, "127.0.0.1", 0, ssl=tls if at_once else None)
        peer.port = server.sockets[0].getsockname()[1]
        ready.set()
        await ended.wait()
        server.close()

    def run() -> None:
        # to its end in this thread: a browser's test may have a loop running in the other
        loop.run_until_complete(serve())
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0))
        loop.close()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    assert ready.wait(PATIENCE)
    try:
        yield peer
    finally:
        loop.call_soon_threadsafe(ended.set)
        thread.join(PATIENCE)
