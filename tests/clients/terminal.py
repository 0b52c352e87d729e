"""Runs a command at a terminal of its own, as a person would.

terminal.py STEPS COMMAND...: STEPS is JSON, pairs of a text to wait for and of what is typed then; with "secret "
before it, once the terminal shows no more what is typed. Prints JSON: the command's exit code (128 + N where signal N
ended it), all that the terminal showed, whether it echoes in the end, the steps that are left.
"""

import json
import os
import pty
import signal
import sys
import termios
import time

PATIENCE = 60


def echoes(terminal: int) -> bool:
    return bool(termios.tcgetattr(terminal)[3] & termios.ECHO)


def main() -> None:
    steps, command = json.loads(sys.argv[1]), sys.argv[2:]
    signal.alarm(PATIENCE)  # Whatever hangs, hangs no longer.
    child, terminal = pty.fork()
    if child == 0:
        # As a shell at a terminal has it; whoever runs the tests in the background has it ignored.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        os.execvp(command[0], command)
    shown, seen, echo = b"", 0, None
    while True:
        echo = echoes(terminal)
        try:
            said = os.read(terminal, 65536)
        except OSError:  # Linux's word for the end of a terminal.
            break
        if not said:
            break
        shown += said
        while steps and (at := shown.find(steps[0][0].encode(), seen)) >= 0:
            text, typed = steps.pop(0)
            seen = at + len(text.encode())
            while typed.startswith("secret ") and echoes(terminal):  # The prompt comes a moment before the silence.
                time.sleep(0.01)
            os.write(terminal, typed.removeprefix("secret ").encode())
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    text = shown.decode(errors="replace").replace("\r\n", "\n")
    print(json.dumps({"code": code if code >= 0 else 128 - code, "text": text, "echoes": echo, "left": steps}))


main()
