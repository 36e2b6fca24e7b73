/* SPDX-License-Identifier: Apache-2.0 */
/* Reasons of Android evidence: code, rules, what it means, what to do. */
#ifndef CORE_VERDICT_REASONS_ANDROID_H
#define CORE_VERDICT_REASONS_ANDROID_H

/* clang-format off */
#define REASONS_ANDROID(X) \
	X("android.evidence", "measurement 17", \
	  "The Android evidence lacks a part or is of another version.", \
	  "Ask the node for a new measurement; if it stays, its software does not speak this format.") \
	X("android.chain.length", "evidence 50", \
	  "There are fewer certificates than a key and its root, or more than any device has.", \
	  "Send the chain as Android gives it, from the key's own certificate to the root.") \
	X("android.chain.syntax", "evidence 50", \
	  "A certificate is no X.509 certificate of version 3 in DER.", \
	  "Get the evidence from the device itself and do not change it on the way.") \
	X("android.chain.names", "evidence 51", \
	  "A certificate is not followed by its issuer's.", \
	  "Send the chain in Android's order, complete and with nothing else in it.") \
	X("android.chain.signature", "evidence 51", \
	  "A certificate is not signed by the next one's key.", \
	  "Treat it as a forgery.") \
	X("android.chain.weak", "evidence 51", \
	  "A certificate is signed with an RSA key of less than 2048 bits.", \
	  "Do not trust the device: such keys are test keys, and can be found out.") \
	X("android.chain.ca", "evidence 52", \
	  "A certificate is signed with a key that may not sign certificates.", \
	  "Treat it as a forgery, except of a device whose factory certificate lacks the CA flag: that cannot be told from one.") \
	X("android.root.signature", "evidence 53", \
	  "The last certificate is not one that signed itself.", \
	  "Send the chain up to and with Google's root.") \
	X("android.root.key", "evidence 53", \
	  "The last certificate's key is none of the trusted roots'.", \
	  "Treat it as a forgery or a software key: real devices lead to one of Google's two root keys.") \
	X("android.chain.time", "evidence 54", \
	  "A certificate was not valid at the time of the verification.", \
	  "Have the device get new certificates and make a new key, or verify at the time at which the evidence was made.") \
	X("android.chain.revoked", "evidence 55", \
	  "A certificate is on Google's list of revoked or suspended ones.", \
	  "Do not trust the device: its keys have been copied, or its software was broken.") \
	X("android.revocation.syntax", "evidence 55", \
	  "The list of revoked certificates cannot be read.", \
	  "Fetch it again from Google; do not edit it.") \
	X("android.revocation.age", "evidence 55", \
	  "The list of revoked certificates is too old, or of a later time.", \
	  "Fetch it again from Google.") \
	X("android.revocation.stranger", "verdict 13", \
	  "The list of revoked keys came with the bundle; its maker could have left out what he likes.", \
	  "Give a list that you fetched yourself (--revocation), or do without (--without-revocation).") \
	X("android.revocation.absent", "evidence 55", \
	  "No list of revoked certificates was given.", \
	  "Give one, or say that you do without.") \
	X("android.extension.present", "evidence 56", \
	  "No certificate says that a secure hardware made the key.", \
	  "Have the key made with an attestation challenge.") \
	X("android.extension.place", "evidence 56", \
	  "The description of the key is not in the first certificate only.", \
	  "Treat it as a forgery: whoever holds an attested key can sign any description with it.") \
	X("android.extension.syntax", "evidence 57", \
	  "The description of the key is not in its form.", \
	  "Treat it as a forgery, or report the device's model.") \
	X("android.extension.version", "evidence 57", \
	  "The description is of a version that is not known.", \
	  "Use a newer verifier.") \
	X("android.extension.level", "evidence 57", \
	  "The description names a security level that does not exist.", \
	  "Treat it as a forgery, or report the device's model.") \
	X("android.extension.duplicate", "evidence 57", \
	  "The description says something twice.", \
	  "Treat it as a forgery.") \
	X("android.extension.limit", "evidence 57", \
	  "The description holds more than any device has.", \
	  "Treat it as a forgery.") \
	X("android.extension.order", "evidence 58", \
	  "The description is not written in its one form, as some devices do.", \
	  "Update the device; until then it cannot be told from a changed one.") \
	X("android.challenge", "evidence 59", \
	  "The key was made for another challenge, or for none.", \
	  "Treat it as a replay, or have a key made for this challenge.") \
	X("android.challenge.not-asked", "evidence 59", \
	  "The asker named no challenge.", \
	  "Name the one that was given to the device.") \
	X("android.key.signature", "evidence 60", \
	  "The attested key did not sign this measurement.", \
	  "Treat it as a forgery.") \
	X("android.level", "evidence 61", \
	  "The key or its description is not of the secure hardware that it must be of.", \
	  "Use a device with a hardware key store, and its StrongBox where that is asked for.") \
	X("android.boot.root", "evidence 62", \
	  "The secure hardware does not say what was booted.", \
	  "Use a device with verified boot.") \
	X("android.boot.locked", "evidence 63", \
	  "The boot loader is unlocked: anything may have been booted.", \
	  "Lock the boot loader; that erases the device.") \
	X("android.boot.state", "evidence 63", \
	  "The system that was booted is not its maker's, nor signed with a key that is allowed.", \
	  "Boot the maker's system, or allow the key of the system.") \
	X("android.boot.key", "evidence 64", \
	  "The key of the system that was booted is not shown, though it is said to be verified.", \
	  "Update the device, or allow a key of zeros where a model is known to do that.") \
	X("android.patch", "evidence 65", \
	  "The system, vendor or boot image is older than the policy asks for.", \
	  "Update the device.") \
	X("android.app", "evidence 66", \
	  "Another app than the one wanted holds the key.", \
	  "Install the released app, or ask for this one.") \
	X("android.key", "evidence 67", \
	  "The key was not made in the hardware for signing only.", \
	  "Use the released app.") \
	X("android.provisioning", "evidence 68", \
	  "What Google's server says of a device's provisioning cannot be read.", \
	  "Nothing; it is left out of the facts.")
/* clang-format on */

#endif
