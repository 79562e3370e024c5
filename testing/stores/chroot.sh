# Functions of the scripts beside this: servers from Debian packages in a chroot, so that nothing is installed on this machine but debootstrap.
# Sourced inside the mount and process namespace that bin/test-stores makes: mounts and servers end with it.

TARN_STORES_DIR=${TARN_STORES_DIR:-/var/cache/tarn-stores}
TARN_STORES_MIRROR=${TARN_STORES_MIRROR:-$(apt-get indextargets --format '$(REPO_URI)' | grep -v security | head -n 1)}
store_root=$TARN_STORES_DIR/root

say() { echo "test-stores: $*" >&2; }

# Makes the chroot where it is missing; mounts what servers need into it.
prepare_root() {
    if ! [ -e "$store_root/.complete" ]; then
        command -v debootstrap >/dev/null || { apt-get update && apt-get install -y --no-install-recommends debootstrap; } >&2
        say "making a Debian root in $store_root"
        rm -rf "$store_root"
        mkdir -p "$store_root"
        debootstrap --variant=minbase bookworm "$store_root" "$TARN_STORES_MIRROR" >&2
        printf '#!/bin/sh\nexit 101\n' >"$store_root/usr/sbin/policy-rc.d" # packages start no services of their own
        chmod +x "$store_root/usr/sbin/policy-rc.d"
        touch "$store_root/.complete"
    fi
    mountpoint -q "$store_root/proc" || mount -t proc proc "$store_root/proc"
    mountpoint -q "$store_root/dev" || mount --rbind /dev "$store_root/dev"
    mountpoint -q "$store_root/run" || mount -t tmpfs tmpfs "$store_root/run"
    cp -L /etc/resolv.conf "$store_root/etc/resolv.conf"
    ln -sf /proc/self/mounts "$store_root/etc/mtab"
    cp -L /etc/hosts "$store_root/etc/hosts"
}

# install_packages PACKAGE...: into the chroot, what is missing.
install_packages() {
    prepare_root
    in_root dpkg-query -W -f '${db:Status-Status}\n' "$@" 2>/dev/null | grep -cx installed | grep -qx $# && return
    say "installing $*"
    in_root apt-get -q update >&2
    in_root apt-get -q install -y --no-install-recommends -o Dpkg::Options::=--force-unsafe-io "$@" >&2
}

in_root() { DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 chroot "$store_root" "$@"; }

# package_version PACKAGE
package_version() { in_root dpkg-query -W -f '${Version}' "$1"; }

# show_in_root DIRECTORY PLACE: the directory appears in the chroot at PLACE.
show_in_root() {
    mkdir -p "$1" "$store_root$2"
    mount --bind "$1" "$store_root$2"
}

# await SECONDS COMMAND...: until it succeeds.
await() {
    local end=$((SECONDS + $1))
    shift
    until "$@" >/dev/null 2>&1; do
        if [ $SECONDS -ge $end ]; then
            say "gave up waiting for: $*"
            return 1
        fi
        sleep 0.3
    done
}

# A port that nobody listens on.
free_port() {
    local port
    while :; do
        port=$((20000 + RANDOM % 12000))
        (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo $port && return; }
    done
}

listens() { (exec 3<>"/dev/tcp/127.0.0.1/$1"); }
