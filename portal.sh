#!/bin/sh
# One command: set up whatever is missing, then start the demo, run the tests, or run any command in the same environment.
# Needs a POSIX shell and Python 3.11 or newer. All that it makes is under .venv/ and .local/.
set -eu

ROOT=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
VENV=$ROOT/.venv
LOCAL=$ROOT/.local
PYTHON=$VENV/bin/python

usage() {
  cat <<'TEXT'
./portal.sh demo [--fresh]          set up, start the product with its demo lender, print the links; Ctrl-C stops all of it
                                    (--fresh throws the demo's data away first)
./portal.sh test                    set up, then every check: lint, floors, types, docstrings, all tests with browser journeys
./portal.sh test ARGUMENTS          set up, then only pytest with these arguments, on the same kind of server
./portal.sh run -- COMMAND ...      run a command in the product's environment, for example:
                                      ./portal.sh run -- portal --help
./portal.sh help                    this text
TEXT
}

# --- talking --------------------------------------------------------------------------------------
say() { printf '%s\n' "$*" >&2; }
step() { printf '%s\n' "==> $*" >&2; }
give_up() { say "portal.sh: $*"; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }
is_root() { [ "$(id -u)" = 0 ]; }

# A step's own words go to a log and are shown only when it fails.
quietly() {
  if "$@" >"$LOCAL/setup.log" 2>&1; then return 0; fi
  tail -n 15 "$LOCAL/setup.log" >&2
  return 1
}

# --- one set-up at a time -------------------------------------------------------------------------
lock_setup() {
  tries=0
  until mkdir "$LOCAL/setup.lock" 2>/dev/null; do
    holder=$(cat "$LOCAL/setup.lock/pid" 2>/dev/null || true)
    if [ -n "$holder" ] && ! kill -0 "$holder" 2>/dev/null; then rm -rf "$LOCAL/setup.lock"; continue; fi
    [ "$tries" -gt 0 ] || say "Another set-up is running in this folder; waiting for it."
    tries=$((tries + 1))
    [ "$tries" -lt 300 ] || give_up "the other set-up did not end; if none is running, remove .local/setup.lock"
    sleep 1
  done
  echo $$ >"$LOCAL/setup.lock/pid"
  trap 'rm -rf "$LOCAL/setup.lock"' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
}

unlock_setup() {
  rm -rf "$LOCAL/setup.lock"
  trap - EXIT INT TERM
}

# --- Python and the locked packages ---------------------------------------------------------------
is_new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }

find_python() {
  for name in ${PORTAL_PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11; do
    if have "$name" && is_new_enough "$name"; then command -v "$name"; return 0; fi
  done
  return 1
}

# Some distributions ship Python without ensurepip; then pip comes from outside the environment, or from a package.
make_environment() {
  base=$(find_python) || give_up "Python 3.11 or newer is needed (or its path in PORTAL_PYTHON)."
  rm -rf "$VENV"
  if "$base" -c 'import ensurepip' >/dev/null 2>&1 && quietly "$base" -m venv "$VENV"; then return 0; fi
  rm -rf "$VENV"
  quietly "$base" -m venv --without-pip "$VENV" || give_up "no virtual environment could be made."
  if have uv || "$base" -m pip --version >/dev/null 2>&1; then return 0; fi
  have apt-get || give_up "neither pip nor uv is there; install one of them."
  step "Fetching pip for this Python"
  fetch_packages pip python3-pip-whl || give_up "pip could not be had; install it by hand."
}

run_pip() {
  wheel=$(find "$LOCAL/pip" -name 'pip-*.whl' 2>/dev/null | head -n 1)
  if "$PYTHON" -m pip --version >/dev/null 2>&1; then "$PYTHON" -m pip "$@"
  elif [ -n "$wheel" ]; then PYTHONPATH=$wheel "$PYTHON" -m pip "$@"
  else "$(find_python)" -m pip --python "$PYTHON" "$@"; fi
}

find_uv() {
  if [ -x "$VENV/bin/uv" ]; then echo "$VENV/bin/uv"
  elif have uv; then command -v uv
  else return 1; fi
}

# The installer itself is in the lock too: its lines are cut out and installed first, hashes checked.
install_uv() {
  find_uv >/dev/null && return 0
  awk '/^uv==/ { inside = 1 } inside { print } inside && !/\\$/ { exit }' "$ROOT/requirements.lock" >"$LOCAL/uv.lock"
  quietly run_pip install --quiet --no-deps --require-hashes -r "$LOCAL/uv.lock"
}

install_packages() {
  step "Installing the locked packages"
  if install_uv && UV_SYSTEM_CERTS=1 quietly "$(find_uv)" pip install --python "$PYTHON" --require-hashes \
    -r "$ROOT/requirements.lock"; then return 0; fi
  say "uv could not do it; pip takes over."
  quietly run_pip install --quiet --no-deps --require-hashes -r "$ROOT/requirements.lock" ||
    give_up "the packages could not be installed (is a package index in reach?)."
}

# The project is used from its folder: a path file and a two-line command do what an editable install would, without a build.
link_project() {
  site=$("$PYTHON" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
  echo "$ROOT" >"$site/portal_tree.pth"
  printf '#!/bin/sh\nexec "%s" -m portal.cli.main "$@"\n' "$PYTHON" >"$VENV/bin/portal"
  chmod +x "$VENV/bin/portal"
}

# The stamp holds what an environment depends on: the lock, its Python, and the place (scripts in it name their place).
stamp_now() { { cat "$ROOT/requirements.lock"; "$PYTHON" -VV; echo "$ROOT"; } | cksum; }

set_up_python() {
  if [ ! -x "$PYTHON" ] || ! "$PYTHON" -c '' 2>/dev/null || [ "$(cat "$VENV/portal.place" 2>/dev/null)" != "$ROOT" ]; then
    step "Making a Python environment in .venv"
    make_environment
    echo "$ROOT" >"$VENV/portal.place"
  fi
  if [ "$(cat "$VENV/portal.stamp" 2>/dev/null)" != "$(stamp_now)" ]; then
    install_packages
    link_project
    stamp_now >"$VENV/portal.stamp"
  fi
}

# --- system libraries -----------------------------------------------------------------------------
# As root by the distribution's own way. As an ordinary user the same packages, and those they need, are fetched with package lists
# of our own and unpacked below .local, where LD_LIBRARY_PATH finds them.
own_apt() {
  apt-get -q -o Dir::State="$LOCAL/apt/state" -o Dir::Cache="$LOCAL/apt/cache" \
    -o Debug::NoLocking=1 -o APT::Sandbox::User= "$@"
}

fetch_packages() {
  into=$LOCAL/$1
  shift
  mkdir -p "$LOCAL/apt/state/lists/partial" "$LOCAL/apt/cache/archives/partial" "$into.new"
  quietly own_apt update || return 1
  own_apt -s --no-install-recommends install "$@" >"$LOCAL/apt/plan" 2>>"$LOCAL/setup.log" || return 1
  names=$(awk '/^Inst / { print $2 }' "$LOCAL/apt/plan")
  [ -n "$names" ] || return 1
  # shellcheck disable=SC2086 # a list of names
  (cd "$LOCAL/apt" && quietly own_apt download $names) || return 1
  for package in "$LOCAL"/apt/*.deb; do dpkg -x "$package" "$into.new" || return 1; done
  rm -rf "$into" "$LOCAL/apt"
  mv "$into.new" "$into"
}

install_packages_as_root() {
  quietly apt-get -q update || true
  quietly env DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends install "$@"
}

library_folders() {
  for name in pango chromium; do
    [ -d "$LOCAL/$name" ] || continue
    find "$LOCAL/$name" -name 'lib*.so*' -exec dirname {} \; | sort -u
  done
}

export_libraries() {
  own=$(library_folders | paste -s -d : -)
  [ -z "$own" ] || export LD_LIBRARY_PATH="$own${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
}

# Pango without any font ends the whole process, so the test is made in a child.
can_make_pdf() { "$PYTHON" -c 'import weasyprint' >/dev/null 2>&1; }

set_up_pdf() {
  if ! can_make_pdf; then
    step "Fetching the text layout library (Pango) for PDF"
    names="libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
    # shellcheck disable=SC2086 # a list of names
    if ! have apt-get; then :
    elif is_root; then install_packages_as_root $names || true
    else fetch_packages pango $names || true; fi
    export_libraries
  fi
  can_make_pdf || say "PDF is off: Pango is not installed and could not be fetched. Everything else works."
}

# Fonts come with the locked packages. Only they are listed, so that every machine shows, prints and photographs the same letters.
set_up_fonts() {
  site=$("$PYTHON" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
  mkdir -p "$LOCAL/fontconfig"
  {
    echo '<?xml version="1.0"?>'
    echo '<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">'
    echo '<fontconfig>'
    for folder in "$site"/fontpkg_noto_*/files "$site"/noto_cjk_sans_otc "$site"/cvttf_NotoSansCJK_Bold; do
      [ ! -d "$folder" ] || echo "  <dir>$folder</dir>"
    done
    echo "  <cachedir>$LOCAL/fontconfig</cachedir>"
    for generic in sans-serif system-ui serif; do
      echo "  <alias><family>$generic</family><prefer><family>Noto Sans</family><family>Noto Sans Thai</family><family>Noto Sans\
 Arabic</family><family>Noto Sans Devanagari</family><family>Noto Sans CJK SC</family></prefer></alias>"
    done
    echo '</fontconfig>'
  } >"$LOCAL/fonts.conf"
}

# --- a browser for the tests ----------------------------------------------------------------------
find_chromium() {
  for name in ${PORTAL_CHROMIUM:-} "$LOCAL/chromium/usr/lib/chromium/chromium" chromium chromium-browser google-chrome; do
    if have "$name" && "$name" --version >/dev/null 2>&1; then command -v "$name"; return 0; fi
  done
  return 1
}

set_up_chromium() {
  find_chromium >/dev/null && return 0
  step "Fetching a browser (Chromium) for the journeys"
  if ! have apt-get; then :
  elif is_root; then install_packages_as_root chromium || true
  else fetch_packages chromium chromium || true; export_libraries; fi
  find_chromium >/dev/null || say "No browser could be had: the browser tests will be skipped."
}

export_chromium() {
  found=$(find_chromium) || return 0
  export PORTAL_CHROMIUM="$found"
}

# --- tools of others that look at our PDFs in the tests ----------------------------------------------
set_up_pdf_tools() {
  missing=""
  have pdfsig || missing="poppler-utils"
  have qpdf || missing="$missing qpdf"
  [ -n "$missing" ] || return 0
  if have apt-get && is_root; then
    step "Fetching tools that check PDFs ($missing)"
    # shellcheck disable=SC2086 # a list of names
    install_packages_as_root $missing || true
  fi
  { have pdfsig && have qpdf; } || say "No pdfsig or qpdf here: the tests that ask them will be skipped."
}

# --- together -------------------------------------------------------------------------------------
export_environment() {
  export PATH="$VENV/bin:$PATH" VIRTUAL_ENV="$VENV" FONTCONFIG_FILE="$LOCAL/fonts.conf"
  unset PYTHONHOME
  # Python's compiled files make each start seconds faster; who does not want them in the tree gets them below .local.
  if [ -n "${PYTHONDONTWRITEBYTECODE:-}" ]; then
    unset PYTHONDONTWRITEBYTECODE
    export PYTHONPYCACHEPREFIX="$LOCAL/pycache"
  fi
  if [ ! -d "${HOME:-/nonexistent}" ] || [ ! -w "$HOME" ]; then
    mkdir -p "$LOCAL/home"
    export HOME="$LOCAL/home"
  fi
}

set_up() {
  mkdir -p "$LOCAL"
  export_environment
  lock_setup
  set_up_python
  set_up_fonts
  export_libraries
  set_up_pdf
  [ "$1" != test ] || { set_up_chromium; set_up_pdf_tools; }
  export_chromium
  unlock_setup
}

command=${1:-help}
[ $# -eq 0 ] || shift
case $command in
  demo | test)
    set_up "$command"
    cd "$ROOT"
    exec "$PYTHON" -m portal.cli.main "$command" "$@"
    ;;
  run)
    [ "${1:-}" != -- ] || shift
    [ $# -gt 0 ] || give_up "run what? For example: ./portal.sh run -- portal --help"
    set_up run
    exec "$@"
    ;;
  help | -h | --help) usage ;;
  *) usage >&2; exit 2 ;;
esac
