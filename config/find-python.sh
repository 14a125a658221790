#!/bin/sh
# Print the path of a Python that is new enough and can make an environment; else one line, and status 1.
# PYTHON in the environment names the only one to try. Nothing is downloaded.

suits() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 12))' 2>/dev/null; }
can_make_environments() { "$1" -c 'import ensurepip, ssl, venv' 2>/dev/null; }
# Of an environment, the Python that made it: environments come and go.
print_path() { "$1" -c 'import sys; print(getattr(sys, "_base_executable", sys.executable))'; exit 0; }

if [ -n "$PYTHON" ]; then
    set -- "$PYTHON"
    # pyenv's python3.12 does not run in a folder that asks for 3.13; the interpreter itself does.
    for found in "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.1[2-9]*/bin/"$PYTHON"; do
        [ -x "$found" ] && set -- "$@" "$found"
    done
else
    # In this folder pyenv's python3 is what .python-version says, if it has that one.
    set -- python3 python3.13 python3.14 python3.12 python3.15 python
    for found in "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.1[2-9]*/bin/python3; do
        [ -x "$found" ] && set -- "$@" "$found"
    done
    # Once made with PYTHON=, it need not be named again.
    set -- "$@" .venv/bin/python
fi

bare=""
for candidate in "$@"; do
    if suits "$candidate"; then
        can_make_environments "$candidate" && print_path "$candidate"
        bare=$candidate
    fi
done

found=$("$1" -c 'import platform; print("it is " + platform.python_version())' 2>/dev/null) || found="it does not run"
if [ -n "$bare" ]; then
    echo "Hearsay: $bare has no venv or ensurepip module (Debian: apt-get install python3-venv)." >&2
else
    echo "Hearsay needs Python 3.12 or newer; $1 was tried: $found. Install one, or name it: make PYTHON=/path/to/python3.13" >&2
fi
exit 1
