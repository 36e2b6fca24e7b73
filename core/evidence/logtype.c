/* SPDX-License-Identifier: Apache-2.0 */
#include "core/evidence/logtype.h"

#define PCR(n)     LOGTYPE_PCR(n)
#define EVERY_PCR  0xffffffffu
#define PCR_LOADER 0x00ffff00u /* 8 to 23: the boot loader's and later */

#define KNOWN(type, pcrs, covers, before) { type, #type, pcrs, covers, before }

/* clang-format off */
static const struct logtype known[] = {
	KNOWN(EV_PREBOOT_CERT,                  PCR(0),                                        COVERS_OTHER,    0),
	KNOWN(EV_POST_CODE,                     PCR(0) | PCR(1) | PCR(2),                      COVERS_OTHER,    EVERY_PCR),
	KNOWN(EV_POST_CODE2,                    PCR(0) | PCR(1) | PCR(2),                      COVERS_OTHER,    EVERY_PCR),
	KNOWN(EV_NO_ACTION,                   0,                                             COVERS_OTHER,    0),
	KNOWN(EV_SEPARATOR,                     EVERY_PCR,                                     COVERS_DATA,     0),
	KNOWN(EV_ACTION,                        0x0000007f,                                    COVERS_DATA,     0),
	KNOWN(EV_EVENT_TAG,                     PCR(1) | PCR(4) | PCR(6) | PCR_LOADER,         COVERS_TAG,      0),
	KNOWN(EV_S_CRTM_CONTENTS,               PCR(0),                                        COVERS_OTHER,    EVERY_PCR),
	KNOWN(EV_S_CRTM_VERSION,                PCR(0),                                        COVERS_DATA,     EVERY_PCR),
	KNOWN(EV_CPU_MICROCODE,                 PCR(0) | PCR(1),                               COVERS_OTHER,    EVERY_PCR),
	KNOWN(EV_PLATFORM_CONFIG_FLAGS,         PCR(0) | PCR(1) | PCR(3) | PCR(5),             COVERS_OTHER,    0),
	KNOWN(EV_TABLE_OF_DEVICES,              PCR(1),                                        COVERS_OTHER,    EVERY_PCR),
	KNOWN(EV_COMPACT_HASH,                  PCR(4) | PCR(6) | PCR_LOADER,                  COVERS_OTHER,    0),
	KNOWN(EV_IPL,                           PCR(4) | PCR(5) | PCR_LOADER,                  COVERS_OTHER,    0),
	KNOWN(EV_IPL_PARTITION_DATA,            PCR(5),                                        COVERS_OTHER,    0),
	KNOWN(EV_NONHOST_CODE,                  PCR(0) | PCR(2),                               COVERS_OTHER,    EVERY_PCR),
	KNOWN(EV_NONHOST_CONFIG,                PCR(1) | PCR(3),                               COVERS_OTHER,    EVERY_PCR),
	KNOWN(EV_NONHOST_INFO,                  PCR(0) | PCR(1),                               COVERS_OTHER,    EVERY_PCR),
	KNOWN(EV_OMIT_BOOT_DEVICE_EVENTS,       PCR(4),                                        COVERS_DATA,     0),
	KNOWN(EV_EFI_VARIABLE_DRIVER_CONFIG,    PCR(1) | PCR(3) | PCR(5) | PCR(7),             COVERS_DATA,     PCR(7)),
	KNOWN(EV_EFI_VARIABLE_BOOT,             PCR(1),                                        COVERS_VARIABLE, 0),
	KNOWN(EV_EFI_VARIABLE_BOOT2,            PCR(1),                                        COVERS_DATA,     0),
	KNOWN(EV_EFI_BOOT_SERVICES_APPLICATION, PCR(2) | PCR(4),                               COVERS_OTHER,    0),
	KNOWN(EV_EFI_BOOT_SERVICES_DRIVER,      PCR(0) | PCR(2) | PCR(4),                      COVERS_OTHER,    0),
	KNOWN(EV_EFI_RUNTIME_SERVICES_DRIVER,   PCR(0) | PCR(2) | PCR(4),                      COVERS_OTHER,    0),
	KNOWN(EV_EFI_GPT_EVENT,                 PCR(5),                                        COVERS_DATA,     0),
	KNOWN(EV_EFI_GPT_EVENT2,                PCR(5),                                        COVERS_DATA,     0),
	KNOWN(EV_EFI_ACTION,                    0x000000ff,                                    COVERS_DATA,     0),
	KNOWN(EV_EFI_PLATFORM_FIRMWARE_BLOB,    PCR(0) | PCR(2) | PCR(4),                      COVERS_OTHER,    EVERY_PCR),
	KNOWN(EV_EFI_PLATFORM_FIRMWARE_BLOB2,   PCR(0) | PCR(2) | PCR(4),                      COVERS_OTHER,    EVERY_PCR),
	KNOWN(EV_EFI_HANDOFF_TABLES,            PCR(1),                                        COVERS_OTHER,    0),
	KNOWN(EV_EFI_HANDOFF_TABLES2,           PCR(1),                                        COVERS_OTHER,    0),
	KNOWN(EV_EFI_HCRTM_EVENT,               PCR(0),                                        COVERS_OTHER,    EVERY_PCR),
	KNOWN(EV_EFI_VARIABLE_AUTHORITY,        PCR(7),                                        COVERS_DATA,     0),
	KNOWN(EV_EFI_SPDM_FIRMWARE_BLOB,        PCR(2),                                        COVERS_OTHER,    EVERY_PCR),
	KNOWN(EV_EFI_SPDM_FIRMWARE_CONFIG,      PCR(3),                                        COVERS_OTHER,    EVERY_PCR),
};
/* clang-format on */

#define TYPES (sizeof(known) / sizeof(known[0]))

const struct logtype *
logtype_find(uint32_t type)
{
	for (size_t i = 0; i < TYPES; i++)
		if (known[i].type == type)
			return &known[i];
	return NULL;
}
