/* SPDX-License-Identifier: Apache-2.0 */
/* Reasons of any evidence: code, rules, what it means, what to do. */
#ifndef CORE_VERDICT_REASONS_ANY_H
#define CORE_VERDICT_REASONS_ANY_H

/* clang-format off */
#define REASONS_ANY(X) \
	X("envelope.shape", "measurement 1", \
	  "A part of the measurement is missing, of the wrong kind or too much.", \
	  "Ask the node for a new measurement; if it stays, its software does not speak this format.") \
	X("envelope.device", "measurement 1", \
	  "The measurement is of a kind of hardware that this verifier does not know.", \
	  "Use a verifier of the version of the node.") \
	X("bind.node-key", "measurement 2, verdict 16", \
	  "The measurement is signed by another node than the one that it describes, or that was asked.", \
	  "Do not trust it: somebody answers in the name of another node.") \
	X("bind.channel-key", "verdict 16", \
	  "The key of the connection, or of the signed answer, is not the key of the node that was measured.", \
	  "Do not trust the connection: somebody passes on the measurement of another node.") \
	X("bind.self", "verdict 16", \
	  "It is the asker's own measurement, sent back.", \
	  "Do not trust who answered: it has shown nothing of its own.") \
	X("bind.purpose", "measurement 1, measurement 3, measurement 4", \
	  "It was made for another purpose than asked for, or its purpose and its nonce or state do not go together.", \
	  "Ask for what you need: boot and fresh measurements do not replace each other.") \
	X("bind.recipient", "measurement 14, measurement 18", \
	  "Secrets for this node would be encrypted to a key that its evidence does not vouch for.", \
	  "Send it no secret.") \
	X("fresh.nonce-weak", "measurement 3", \
	  "The nonce has less than 16 or more than 64 bytes.", \
	  "Ask again with a random nonce of 32 bytes.") \
	X("fresh.nonce-mismatch", "measurement 3", \
	  "It answers another question: the nonce is not the one asked for.", \
	  "Treat it as a replay; ask the node again with a nonce of your own.") \
	X("fresh.nonce-reused", "verdict 16", \
	  "The nonce was used before, so the measurement may be an old one.", \
	  "Ask again with a new random nonce.") \
	X("policy.machine-unknown", "verdict 16", \
	  "The machine is none of those that may answer.", \
	  "Compare the machine's name among the facts with your list.") \
	X("fresh.nonce-not-asked", "measurement 3", \
	  "No nonce was given to compare with, so the measurement may be an old one.", \
	  "Give the nonce that the measurement was asked for with.") \
	X("fresh.boot-changed", "measurement 5", \
	  "The machine was restarted, or it is another one, since the boot measurement.", \
	  "Fetch and judge its boot measurement again.") \
	X("bundle.version", "verdict 12", \
	  "The file is no evidence bundle, or one of another version.", \
	  "Use a verifier of the version that made it.") \
	X("bundle.shape", "verdict 12", \
	  "A part of the bundle is missing, of the wrong kind, or signed without meaning.", \
	  "Make the bundle again; nothing in it was judged.") \
	X("bundle.key", "verdict 12", \
	  "The bundle holds something that this verifier does not know, which it will not ignore.", \
	  "Use a verifier of the version that made it; roots, times and waivers are never a bundle's.") \
	X("bundle.limit", "verdict 12", \
	  "A list in the bundle is longer than any path of certificates.", \
	  "Make the bundle again with the certificates that are needed.") \
	X("bundle.nonce", "verdict 12", \
	  "The bundle's nonce has less than 16 or more than 64 bytes.", \
	  "Give the nonce that you asked with, or none.") \
	X("bundle.policy", "verdict 13", \
	  "Something is asked that this kind of evidence cannot answer.", \
	  "Ask for it where it applies; nothing that is asked is passed over.") \
	X("bundle.absent", "verdict 13", \
	  "The reader asked about something that the bundle does not hold.", \
	  "Ask for what is in it, or have a new one made.") \
	X("manifest.shape", "image 13", \
	  "The release manifest lacks a digest that a verdict compares.", \
	  "Take the manifest that the image's build made.") \
	X("manifest.key", "image 13", \
	  "The release key that was named is no RSA certificate.", \
	  "Name the certificate of the key that signs releases (db.crt).") \
	X("manifest.signature", "verdict 13, image 13", \
	  "The release key did not sign this manifest, or no signature is there.", \
	  "Do not use the manifest: fetch it and its .sig again from who makes the releases.") \
	X("verdict.shape", "verdict 1, verdict 14", \
	  "What should be explained is no verdict.", \
	  "Give the verdict as the verifier wrote it.") \
	X("policy.template", "verdict 9", \
	  "The machine is not what the template demands, at the place shown.", \
	  "Compare that value with the template; change the machine or the template.") \
	X("policy.release", "verdict 4", \
	  "A release was asked for, and evidence of this kind does not say which one runs.", \
	  "Ask for a template of its facts instead.") \
	X("template.empty", "verdict 7", \
	  "A template demands nothing at all.", \
	  "Name at least one value in each template.") \
	X("template.limit", "verdict 7", \
	  "The template has too many values or levels.", \
	  "Demand less, or split it into several templates.") \
	X("template.value", "verdict 7", \
	  "The template holds a value that can never be compared.", \
	  "Use texts, integers, true or false, lists and levels.") \
	X("template.key", "verdict 7", \
	  "The template names a key that is never compared.", \
	  "Leave that key out: it carries the message and says nothing about the machine.") \
	X("template.match-type", "verdict 8", \
	  "The template has an operator that is unknown or malformed.", \
	  "Write match-type and body, and nothing else, with a match-type of rule verdict 8.") \
	X("template.range", "verdict 8", \
	  "The template has a range that nothing can lie in, or that is no range.", \
	  "Give min, max or both: integers, or levels of integers.") \
	X("token.form", "verdict 10", \
	  "What was given is no verdict token of this version.", \
	  "Give the token as the verifier gave it.") \
	X("token.mac", "verdict 10", \
	  "The token was not made by this node's verifier in this boot.", \
	  "Have the evidence verified again.") \
	X("token.time", "verdict 11", \
	  "The token has expired, or is of a time to come.", \
	  "Have the evidence verified again, at the time that it is.") \
	X("token.recipient", "verdict 11", \
	  "The verdict is about another recipient than the secret is for.", \
	  "Do not send the secret.") \
	X("token.template", "verdict 11", \
	  "The evidence was accepted under another template.", \
	  "Have it verified under the template that is in force.") \
	X("token.evidence", "verdict 11", \
	  "Other evidence was accepted than the one shown.", \
	  "Show the evidence that was verified.") \
	X("token.terms", "verdict 11", \
	  "The evidence was accepted with other roots, revocation lists or waivers than demanded.", \
	  "Have it verified with those in force.")
/* clang-format on */

#endif
