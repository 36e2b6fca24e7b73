/* SPDX-License-Identifier: Apache-2.0 */
/* Reasons of TPM evidence: code, rules, what it means, what to do. */
#ifndef CORE_VERDICT_REASONS_TPM_H
#define CORE_VERDICT_REASONS_TPM_H

/* clang-format off */
#define REASONS_TPM(X) \
	X("tpm.evidence", "measurement 8", \
	  "The TPM evidence lacks a part or is of another version.", \
	  "Ask the node for a new measurement; if it stays, its software does not speak this format.") \
	X("tpm.attest.type", "evidence 1", \
	  "No TPM made this structure, or it is not a quote.", \
	  "Treat it as a forgery.") \
	X("tpm.attest.syntax", "evidence 1", \
	  "The quote is cut, too long or has impossible sizes.", \
	  "Get the measurement from the node itself and do not change it on the way.") \
	X("tpm.signature.syntax", "evidence 2", \
	  "The quote's signature has no form that is known.", \
	  "Get the measurement from the node itself and do not change it on the way.") \
	X("tpm.public.syntax", "evidence 3", \
	  "A key of the TPM has no form that is known.", \
	  "Use a TPM with RSA-2048 to 4096, P-256 or P-384 keys.") \
	X("tpm.public.absent", "evidence 16", \
	  "A key was given as a certificate only, or not at all.", \
	  "Give the public areas that the TPM shows, or rely on what the certificate's CA says.") \
	X("tpm.quote.signature", "evidence 2", \
	  "The attestation key did not sign this quote.", \
	  "Treat it as a forgery.") \
	X("tpm.quote.signer", "measurement 12", \
	  "The quote names another key than the attestation key shown.", \
	  "Treat it as a forgery.") \
	X("tpm.quote.nonce", "measurement 4", \
	  "The quote was made for another body, purpose, nonce or recipient.", \
	  "Treat it as a forgery or a replay.") \
	X("tpm.quote.pcr-digest", "evidence 4", \
	  "The PCR values shown are not those that the TPM signed.", \
	  "Get the measurement from the node itself and do not change it on the way.") \
	X("tpm.quote.parent", "evidence 16", \
	  "The attestation key is no primary endorsement key, so the name by which the quote calls it cannot be computed.", \
	  "Nothing to do: the signature says which key it was.") \
	X("tpm.pcr.selection", "evidence 1, evidence 4, measurement 9", \
	  "The quote or the values do not cover exactly the PCRs that they must.", \
	  "Ask for a quote of all of them in the SHA-256 bank.") \
	X("tpm.pcr.length", "evidence 4", \
	  "A PCR value is not as long as its bank's digest.", \
	  "Get the measurement from the node itself and do not change it on the way.") \
	X("tpm.pcr.resettable", "evidence 14, measurement 9, measurement 10", \
	  "What was offered as proof rests on a PCR from 16 on, which can be reset at any time.", \
	  "Ask for PCRs that last until the machine is restarted.") \
	X("tpm.pcr.absent", "evidence 16", \
	  "No PCR values came with the quote.", \
	  "Give the values that were quoted.") \
	X("tpm.ak.attributes", "evidence 3, measurement 12", \
	  "The attestation key could sign statements that the TPM never made.", \
	  "Do not trust the node: its key was not made as an attestation key.") \
	X("tpm.ak.policy", "measurement 13", \
	  "The attestation key is bound to another boot state.", \
	  "Restart the node, so that it makes its key anew.") \
	X("tpm.ak.binding", "evidence 13", \
	  "The attestation certificate is for another key.", \
	  "Treat it as a forgery.") \
	X("tpm.ak.ca", "evidence 13", \
	  "The attestation certificate is a CA's.", \
	  "Do not trust the node: a CA's key is no TPM.") \
	X("tpm.ak.usage", "evidence 13", \
	  "The attestation certificate was issued for other uses.", \
	  "Do not trust the node: the CA certified this key for something else.") \
	X("tpm.ak.chain", "evidence 13", \
	  "The attestation certificate does not lead to a root that you trust, at the time asked for.", \
	  "If you trust the CA of the attestation keys, add its root to your roots.") \
	X("tpm.ek.template", "evidence 3, measurement 11", \
	  "The endorsement key was not made by the TCG's template.", \
	  "Do not trust the node: such a key says nothing about its TPM.") \
	X("tpm.ek.binding", "evidence 3, measurement 11, measurement 15", \
	  "The endorsement certificate or the challenge is for another key than this TPM's.", \
	  "Treat it as a forgery.") \
	X("tpm.ek.ca", "measurement 11", \
	  "The endorsement certificate is a CA's.", \
	  "Do not trust the node: a CA's key is no TPM.") \
	X("tpm.ek.usage", "measurement 11", \
	  "The endorsement certificate was issued for other uses.", \
	  "Do not trust the node: the vendor certified this key for something else.") \
	X("tpm.ek.padding", "evidence 11", \
	  "Something stands behind a certificate that is no padding.", \
	  "Read the certificate from the TPM again.") \
	X("tpm.ek.chain", "measurement 8, measurement 11", \
	  "The endorsement certificate does not lead to a root that you trust, at the time asked for.", \
	  "If you trust the TPM's vendor, add the vendor's root to your roots.") \
	X("tpm.ek.absent", "measurement 8", \
	  "The TPM has no endorsement certificate.", \
	  "Nothing shows that this TPM is real hardware; trust it only if you know the machine.") \
	X("tpm.ek.no-roots", "measurement 11", \
	  "No trusted roots were given.", \
	  "Give the roots of the TPM vendors that you trust.") \
	X("tpm.ek.crl.syntax", "evidence 12", \
	  "What was given as a revocation list is none, or there are too many.", \
	  "Give the vendor's lists as they are, in DER.") \
	X("tpm.ek.crl.issuer", "evidence 12", \
	  "No CA of the certificate's path signed the revocation list.", \
	  "Give the lists of the CAs of this path; treat others as forged.") \
	X("tpm.ek.crl.future", "evidence 12", \
	  "The revocation list was made after the time asked for.", \
	  "Give the list of that time, or verify at a later one.") \
	X("tpm.ek.crl.expired", "evidence 12", \
	  "A newer revocation list was due before the time asked for.", \
	  "Get the newer list from the vendor.") \
	X("tpm.ek.crl.revoked", "evidence 12", \
	  "The vendor revoked a certificate of the path.", \
	  "Do not trust the node.") \
	X("tpm.ek.crl.missing", "evidence 12", \
	  "You ask for revocation lists, and a certificate's issuer has none here.", \
	  "Give the issuer's list, or ask for less.") \
	X("tpm.platform.syntax", "evidence 19", \
	  "The platform certificate has no form that is known.", \
	  "Get the certificate from the maker again.") \
	X("tpm.credential.key", "evidence 10", \
	  "No challenge can be made for this endorsement key.", \
	  "Use a TPM with an RSA-2048 or P-256 endorsement key.") \
	X("tpm.activation.name", "measurement 15", \
	  "The answer to the challenge is about another attestation key.", \
	  "Ask again; if it stays, the node has several TPMs or lies.") \
	X("tpm.activation.proof", "measurement 15", \
	  "The node could not open the challenge: its attestation key is not in that TPM.", \
	  "Do not trust it.") \
	X("tpm.activation.challenge", "measurement 15", \
	  "The challenge given is not one that this verifier made.", \
	  "Give the challenge file as it was written.") \
	X("tpm.activation.stranger", "verdict 13", \
	  "The bundle's maker challenged the TPM; whoever knows the challenge can answer it for any TPM, so it proves nothing to others.", \
	  "If you made the bundle, give the credential that you kept (--credential); else challenge the node yourself.") \
	X("tpm.activation.not-asked", "measurement 15", \
	  "The node was not challenged, so its attestation key may be in no real TPM.", \
	  "Verify by URL, or challenge the node, or give that check up explicitly.") \
	X("fresh.state", "measurement 7", \
	  "The state shown is not what the TPM's counters say.", \
	  "Do not trust the node.") \
	X("log.absent", "evidence 16", \
	  "No event log came with the quote.", \
	  "Give the firmware's log, or give it up explicitly.") \
	X("log.header", "evidence 5", \
	  "The firmware log has no proper header, or a second one.", \
	  "Ask the machine's vendor for a firmware update; until then its boot cannot be explained.") \
	X("log.truncated", "evidence 5", \
	  "An event is longer than the rest of the firmware log.", \
	  "Ask the machine's vendor for a firmware update; until then its boot cannot be explained.") \
	X("log.event", "evidence 5", \
	  "An event of the firmware log has an impossible PCR or digest.", \
	  "Ask the machine's vendor for a firmware update; until then its boot cannot be explained.") \
	X("log.limit", "evidence 5", \
	  "The firmware log is too large.", \
	  "Ask the machine's vendor for a firmware update; until then its boot cannot be explained.") \
	X("log.bank", "evidence 7", \
	  "The firmware log has no digests of the bank that was quoted.", \
	  "Switch the SHA-256 bank on in the firmware's setup.") \
	X("log.digest", "evidence 6", \
	  "The data of an event are not what was measured.", \
	  "Treat the log as forged.") \
	X("log.replay", "evidence 7", \
	  "The firmware log does not explain a quoted PCR.", \
	  "Restart the machine; if it stays, its firmware measures what it does not log.") \
	X("log.type", "evidence 8", \
	  "An event's type is unknown or out of place.", \
	  "Ask the machine's vendor for a firmware update; until then its boot cannot be explained.") \
	X("log.separator", "evidence 8", \
	  "The mark between firmware and boot loader is missing, twice there, or reports an error.", \
	  "Ask the machine's vendor for a firmware update; until then its boot cannot be explained.") \
	X("log.order", "evidence 8", \
	  "A firmware event stands behind the mark that ends the firmware's part.", \
	  "Ask the machine's vendor for a firmware update; until then its boot cannot be explained.") \
	X("log.data", "evidence 9", \
	  "Data that facts come from are malformed.", \
	  "Ask the machine's vendor for a firmware update; until then its boot cannot be explained.") \
	X("log.ima.syntax", "evidence 18", \
	  "The list of files that Linux measured has an entry of no form that is known, or none.", \
	  "Read the list from the machine again.") \
	X("log.ima.template", "evidence 18", \
	  "The list of files that Linux measured uses a template that is not known.", \
	  "Use ima-ng or ima-sig.") \
	X("log.ima.digest", "evidence 18", \
	  "An entry of that list is not what was measured.", \
	  "Treat the list as forged.") \
	X("log.ima.violation", "evidence 18", \
	  "A file changed while Linux measured it, so nobody knows what ran.", \
	  "Find out which program writes to files that others execute.") \
	X("log.runtime.order", "measurement 10", \
	  "The node's own log has other entries than it must have, or PCR 15 was extended otherwise.", \
	  "Do not trust the node: something else extended PCR 15.") \
	X("log.runtime.subject", "measurement 10", \
	  "PCR 15 commits to another body.", \
	  "Treat it as a forgery.") \
	X("log.runtime.firmware", "measurement 10", \
	  "PCR 15 commits to another firmware log.", \
	  "Treat the firmware log as forged.") \
	X("policy.safe-clock", "evidence 15", \
	  "The TPM's clock may have run backwards since its counters were saved.", \
	  "Shut the machine down properly, start it and ask again.") \
	X("policy.secure-boot", "verdict 4", \
	  "Secure Boot was off, or no replayed event says that it was on.", \
	  "Switch Secure Boot on, or ask for less.") \
	X("policy.pcr4", "verdict 4", \
	  "The firmware started another image than the released one.", \
	  "Boot the release whose manifest you ask for.") \
	X("policy.pcr11", "verdict 4", \
	  "The image's parts are not the released ones.", \
	  "Boot the release whose manifest you ask for.") \
	X("policy.additions", "image 12", \
	  "Something from outside the released image was added at boot.", \
	  "Remove add-ons, credentials and command lines from the boot medium.") \
	X("policy.confinement", "verdict 4", \
	  "The node's processes have other rights than those of the release.", \
	  "Boot the release whose manifest you ask for.")
/* clang-format on */

#endif
