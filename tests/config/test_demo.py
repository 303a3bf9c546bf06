"""``make demo``, as far as it goes before there is anything to show."""

import socket

from tests.config.test_environment import start


def test_a_busy_port_is_one_line_that_names_another() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        outcome = start("-m config.demo", PORT=str(port))
    assert outcome.returncode == 1
    assert outcome.stderr.splitlines() == [
        f"daana: port {port} is taken; PORT={port + 1000} make demo takes another"
    ]


def test_a_port_that_is_none_is_one_line() -> None:
    outcome = start("-m config.demo", PORT="eighty")
    assert outcome.returncode == 1
    assert outcome.stderr.splitlines() == ["daana: PORT=eighty: use a number from 1 to 65535"]
