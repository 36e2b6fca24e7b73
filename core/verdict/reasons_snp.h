/* SPDX-License-Identifier: Apache-2.0 */
/* Reasons of SEV-SNP evidence: code, rules, what it means, what to do. */
#ifndef CORE_VERDICT_REASONS_SNP_H
#define CORE_VERDICT_REASONS_SNP_H

/* clang-format off */
#define REASONS_SNP(X) \
	X("snp.evidence", "measurement 16", \
	  "The SEV-SNP evidence lacks a part or is of another version.", \
	  "Ask the node for a new measurement; if it stays, its software does not speak this format.") \
	X("snp.report.size", "evidence 20", \
	  "The report is not as long as every SEV-SNP report is.", \
	  "Get the evidence from the node itself and do not change it on the way.") \
	X("snp.version", "evidence 20", \
	  "The report has a version that is not known here.", \
	  "Update the verifier, or treat it as a forgery.") \
	X("snp.reserved", "evidence 20, evidence 21", \
	  "The report has something where nothing may be.", \
	  "Update the verifier, or treat it as a forgery.") \
	X("snp.json", "evidence 28", \
	  "The text is no report in JSON, or holds it in more than one way.", \
	  "Use the report's bytes.") \
	X("snp.table.size", "evidence 23", \
	  "The host's certificate table is too long or has too many entries.", \
	  "Ask the host's operator to mend its certificates, or give them beside the report.") \
	X("snp.table.end", "evidence 23", \
	  "The host's certificate table has no end.", \
	  "Ask the host's operator to mend its certificates, or give them beside the report.") \
	X("snp.table.entry", "evidence 23", \
	  "An entry of the host's certificate table is empty or points out of it.", \
	  "Ask the host's operator to mend its certificates, or give them beside the report.") \
	X("snp.table.duplicate", "evidence 23", \
	  "The host's certificate table has two entries of one kind.", \
	  "Ask the host's operator to mend its certificates, or give them beside the report.") \
	X("snp.table.overlap", "evidence 23", \
	  "Entries of the host's certificate table share bytes.", \
	  "Ask the host's operator to mend its certificates, or give them beside the report.") \
	X("snp.chain.syntax", "evidence 24", \
	  "A certificate of the chain is none, or not in DER or PEM.", \
	  "Get the certificates anew from AMD's key server.") \
	X("snp.chain.incomplete", "evidence 24", \
	  "A certificate between the report's key and AMD's root is missing.", \
	  "Get the certificates from AMD's key server and give them beside the report.") \
	X("snp.chain.key", "evidence 24", \
	  "A certificate of the chain has another kind of key than AMD's.", \
	  "Treat it as a forgery.") \
	X("snp.signature.algorithm", "evidence 22", \
	  "The report is signed in a way that is not known here.", \
	  "Update the verifier, or treat it as a forgery.") \
	X("snp.signature.encoding", "evidence 22", \
	  "The report's signature is no signature, or is padded with something.", \
	  "Treat it as a forgery.") \
	X("snp.vcek.extension", "evidence 25", \
	  "AMD's statements about the key are missing, or of another product line or kind.", \
	  "Get the certificate anew from AMD's key server.") \
	X("snp.chip-id.masked", "evidence 27", \
	  "The report does not say which chip it is from, so its key cannot be compared.", \
	  "Have the host's operator turn chip id masking off, or use a VLEK.") \
	X("snp.crl.syntax", "evidence 26", \
	  "A revocation list is none, or names only some certificates.", \
	  "Get the list anew from AMD's key server.") \
	X("snp.crl.issuer", "evidence 26", \
	  "A revocation list is not about this chain.", \
	  "Get the list of this product line from AMD's key server.") \
	X("snp.crl.signature", "evidence 26", \
	  "A revocation list is not signed by its issuer.", \
	  "Treat it as a forgery; get the list from AMD's key server.") \
	X("snp.crl.future", "evidence 26", \
	  "A revocation list was issued after the time asked for.", \
	  "Set the time, or use the list of that time.") \
	X("snp.crl.stale", "evidence 26", \
	  "A revocation list should have been renewed by the time asked for.", \
	  "Get the list anew from AMD's key server.") \
	X("snp.crl.revoked", "evidence 26", \
	  "AMD has revoked a certificate of the chain.", \
	  "Do not trust the node.") \
	X("snp.crl.missing", "evidence 26", \
	  "A revocation list is asked for, and there is none of the ARK's.", \
	  "Get the list from AMD's key server and give it beside the report.") \
	X("snp.chain.order", "evidence 24", \
	  "The certificates are not ARK, ASK and VCEK or VLEK of one product line, each once.", \
	  "Get the certificates of the node's product line from AMD's key server.") \
	X("snp.chain.root", "evidence 24", \
	  "The chain ends in a key that is not AMD's.", \
	  "Treat it as a forgery.") \
	X("snp.chain.signature", "evidence 24", \
	  "A certificate is not signed by the one above it.", \
	  "Treat it as a forgery.") \
	X("snp.chain.time", "evidence 24", \
	  "A certificate is not valid at the time asked for.", \
	  "Set the time, or get the certificate anew from AMD's key server.") \
	X("snp.signing-key", "evidence 27", \
	  "The report names another kind of key than the one shown, or says of an author key and has none.", \
	  "Treat it as a forgery.") \
	X("snp.product", "evidence 27", \
	  "The report is from a CPU of another product line than its key.", \
	  "Treat it as a forgery.") \
	X("snp.vcek.tcb", "evidence 27", \
	  "The key belongs to another firmware than the report reports.", \
	  "Get the certificate for the reported TCB version; if it stays, treat it as a forgery.") \
	X("snp.vcek.hwid", "evidence 25, evidence 27", \
	  "The key belongs to another chip than the report's.", \
	  "Get the certificate for the report's chip; if it stays, treat it as a forgery.") \
	X("snp.signature", "evidence 22", \
	  "The key did not sign this report.", \
	  "Treat it as a forgery.") \
	X("snp.report-data", "evidence 29", \
	  "The report was asked for with other data.", \
	  "Treat it as a forgery or a replay.") \
	X("snp.policy.debug", "evidence 29", \
	  "The guest was launched so that the host may read and change its memory.", \
	  "Launch the guest with a policy that forbids debugging.") \
	X("snp.policy.migrate", "evidence 29", \
	  "The guest was launched so that a migration agent may take it along.", \
	  "Launch the guest with a policy without a migration agent.") \
	X("snp.vmpl", "evidence 29", \
	  "The report was asked for by a less privileged level, or by the host.", \
	  "Have the most privileged level of the guest ask for it.") \
	X("snp.tcb.order", "evidence 29", \
	  "The firmware can be taken back to an older one, or reports more than it is.", \
	  "Have the host's operator commit the firmware.") \
	X("snp.tcb.floor", "evidence 29", \
	  "The firmware is older than is asked for.", \
	  "Have the host's operator update the firmware.") \
	X("snp.policy.bits", "evidence 29", \
	  "The guest's policy or the platform lacks a bit asked for, or has one that may not be.", \
	  "Launch the guest as the release says, on a host that is set up for it.") \
	X("snp.policy.product", "evidence 29", \
	  "The CPU is of a product line that is not admitted.", \
	  "Use a host of an admitted product line.") \
	X("snp.host-data", "evidence 29", \
	  "The host gave the guest other data at launch.", \
	  "Launch the guest as the release says.") \
	X("snp.svn", "evidence 29", \
	  "The guest's security version is lower than is asked for.", \
	  "Launch a newer release.")
/* clang-format on */

#endif
