#!/bin/bash
# dracut module of the appliance: the install tree, dhcpcd, three kernel modules. initramfs/build gives
# pwos_tree (meson's install tree), pwos_kernel (the kernel package, unpacked) and pwos_etc (files of /etc).

check() { return 255; }

depends() { return 0; }

# Loaded by init in the order of /etc/modules.list; everything else that is needed is built in.
pwos_modules=(virtio_net efivarfs)

installkernel() {
	hostonly='' instmods "${pwos_modules[@]}"
}

install() {
	local program
	for program in "${pwos_tree:?}"/usr/lib/pwos/*; do
		inst_binary "$program" "/usr/lib/pwos/${program##*/}"
	done
	ln -s usr/lib/pwos/pwos-init "$initdir/init"

	inst_binary /usr/sbin/dhcpcd
	inst_dir /usr/lib/dhcpcd
	inst_dir /var/lib/dhcpcd
	mkdir -p "$initdir/etc" "$initdir/run" "$initdir/tmp" "$initdir/proc" "$initdir/sys" "$initdir/dev"
	cp "${pwos_etc:?}"/* "$initdir/etc/"

	local name
	for name in "${pwos_modules[@]}"; do
		modprobe -d "${pwos_kernel:?}" -S "$kernel" --ignore-install --show-depends "$name"
	done | sed -n "s|^insmod $pwos_kernel/lib\(/modules/[^ ]*\.ko\).*|/usr/lib\1|p" | awk '!seen[$0]++' \
		>"$initdir/etc/modules.list"
}
