/* SPDX-License-Identifier: Apache-2.0 */
/* The rows of children[], to be included inside its braces: the test image has
 * the same ones and one more (harness/probe/children.c). No guard, hence. */

/* clang-format off */
#define KIB      UINT64_C(1024)
#define MIB      (1024 * KIB)
#define CAP(cap) (UINT64_C(1) << (cap))

	{
		/* It reads what only root may (ACPI tables), then gives the
		 * capability up before it serves. */
		.self = PROCESS_SYSTEM,
		.grants = GRANT(NOTIFY) | GRANT(COUNTS),
		.capabilities = CAP(CAP_DAC_READ_SEARCH),
		.nofile = 64, .nproc = 64, .memlock = 64 * 1024, .memory = 64 * MIB,
		.ready_ms = 20000,
	},
	{
		.self = PROCESS_TPM,
		.grants = GRANT(NOTIFY) | GRANT(TPM) | GRANT(LOG),
		.nofile = 64, .nproc = 64, .memlock = MIB, .memory = 64 * MIB,
		.ready_ms = 60000,
	},
	{
		.self = PROCESS_VERIFIER,
		.grants = GRANT(NOTIFY) | GRANT(VERDICT_KEY),
		.nofile = 64, .nproc = 64, .memlock = MIB, .memory = 128 * MIB,
		.ready_ms = 20000,
	},
	{
		/* The node's wallet is made at boot and lives nowhere else. */
		.self = PROCESS_KEYRING,
		.grants = GRANT(NOTIFY),
		.nofile = 64, .nproc = 64, .memlock = 2 * MIB, .memory = 64 * MIB,
		.rule = CHILD_FATAL,
		.ready_ms = 120000,
	},
	{
		.self = PROCESS_MEASUREMENT,
		.needs = PEER(SYSTEM) | PEER(TPM) | PEER(KEYRING),
		.grants = GRANT(NOTIFY) | GRANT(OPERATOR),
		.nofile = 128, .nproc = 64, .memlock = 64 * 1024, .memory = 64 * MIB,
		.ready_ms = 60000,
	},
	{
		.self = PROCESS_GATEWAY,
		.needs = PEER(SYSTEM) | PEER(VERIFIER) | PEER(KEYRING) |
		         PEER(MEASUREMENT),
		.grants = GRANT(NOTIFY) | GRANT(LISTEN),
		.nofile = 4096, .nproc = 64, .memlock = 64 * 1024, .memory = 192 * MIB,
		.network = true,
		.ready_ms = 60000,
	},
	{
		/* Configures the wired interface by DHCP, IPv4 only, and runs
		 * no hooks: there is no shell to run them. */
		.name = "dhcpcd", .self = PROCESS_COUNT,
		.path = "/usr/sbin/dhcpcd",
		.args = { "-B", "-4", "-q", "-f", "/etc/dhcpcd.conf" },
		.uid = 8790,
		.capabilities = CAP(CAP_NET_ADMIN) | CAP(CAP_NET_RAW) |
		                CAP(CAP_NET_BIND_SERVICE),
		.nofile = 64, .nproc = 16, .memlock = 64 * 1024, .memory = 32 * MIB,
		.network = true, .image_only = true,
		.folders = { "/run/dhcpcd", "/var/lib/dhcpcd" },
		.walls = &walls_dhcpcd,
	},
    /* clang-format on */
