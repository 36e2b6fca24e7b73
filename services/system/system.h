/* SPDX-License-Identifier: Apache-2.0 */
/* The system service: what machine this is, read once (spec/system.md). */
#ifndef SERVICES_SYSTEM_SYSTEM_H
#define SERVICES_SYSTEM_SYSTEM_H

#include "core/message/message.h"
#include "ipc/service.h"

#define REPORT_MAX (256u * 1024u)

/* What the service keeps: bytes and a mapping; no device, no path. */
struct system {
	uint8_t report[REPORT_MAX];
	size_t report_size;
	const volatile struct restart_counts *counts;
};

extern const struct service system_service;
extern const struct sandbox system_sandbox;

/* Builds the report and maps the counters of GRANT_COUNTS. */
MUST_CHECK bool system_open(void **state, struct fault *f);

/* The machine as the report's parts see it; tests give another. */
struct probe {
	int root;         /* folder that stands for "/" */
	struct arena *a;  /* of the report */
	uint8_t *scratch; /* one file at a time */
	size_t scratch_size;
	/* CPUID; false if the processor has no such leaf. */
	bool (*cpuid)(uint32_t regs[4], uint32_t leaf, uint32_t subleaf);
};

/* The instruction, on the processor that runs it. */
bool cpu_id(uint32_t regs[4], uint32_t leaf, uint32_t subleaf);

/* The whole report, packed, in the probe's arena. */
MUST_CHECK bool report_build(
    struct bytes *out, struct probe *p, struct fault *f);

/* Its parts, each a message of its own. */
struct message *cpu_report(struct probe *p);
struct message *memory_report(struct probe *p);
struct message *dmi_report(struct probe *p);
struct message *acpi_report(struct probe *p);
struct message *efi_report(struct probe *p);

#endif
