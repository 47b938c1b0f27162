// Identities as bytes: the messages RootIdentity and UncheckedMnemonicAccount of spec 01 §2.7.
import { equalBytes, Secret } from "@fogbow/core-bytes";
import {
  decodeMessage,
  encodeMessage,
  RootIdentitySchema,
  readData,
  readPresent,
  UncheckedMnemonicAccountSchema,
} from "@fogbow/core-wire";
import { AccountError } from "./error.ts";
import { fogSettings } from "./fog-settings.ts";
import type { MnemonicIdentity, RootIdentity } from "./identity.ts";
import { ACCOUNT_SIZE_MAX } from "./limits.ts";
import { entropyFromMnemonic, mnemonicFromEntropy } from "./mnemonic.ts";
import { checkRootEntropy, ROOT_ENTROPY_BYTES } from "./root-entropy.ts";
import { checkAccountIndex } from "./slip10.ts";

const limits = { bytesMax: ACCOUNT_SIZE_MAX };

/**
 * The bytes of a RootIdentity. The Fog authority goes into field 4, where MobileCoin's files have it. Throws
 * `bad-entropy-length`, and WireError `unencodable-message` or `message-too-large`.
 */
export function encodeRootIdentity(identity: RootIdentity): Secret {
  checkRootEntropy(identity.rootEntropy);
  const message = {
    rootEntropy: { data: identity.rootEntropy.expose() },
    fogReportUrl: identity.fogReportUrl,
    fogReportId: identity.fogReportId,
    fogAuthoritySpkiNative: identity.fogAuthoritySpki,
  };
  return new Secret(encodeMessage(RootIdentitySchema, message, limits));
}

/**
 * A RootIdentity with the Fog authority in field 4 (files) or 5 (the published schema). The bytes stay the caller's to
 * wipe. Throws `conflicting-fog-authority` when both are set and differ, and WireError `message-too-large`,
 * `malformed-message`, `missing-field` or `wrong-length`.
 */
export function decodeRootIdentity(bytes: Uint8Array): RootIdentity {
  const message = decodeMessage(RootIdentitySchema, bytes, limits);
  return {
    kind: "root-entropy",
    rootEntropy: new Secret(readData(message.rootEntropy, ROOT_ENTROPY_BYTES, "root_entropy")),
    ...fogSettings({
      fogReportUrl: message.fogReportUrl,
      fogReportId: message.fogReportId,
      fogAuthoritySpki: oneAuthority(message.fogAuthoritySpkiNative, message.fogAuthoritySpki),
    }),
  };
}

/**
 * The bytes of an UncheckedMnemonicAccount, every field written. Throws `bad-entropy-length` or `out-of-range`, and
 * WireError `unencodable-message` or `message-too-large`.
 */
export function encodeMnemonicIdentity(identity: MnemonicIdentity): Secret {
  checkAccountIndex(identity.accountIndex);
  const message = {
    mnemonic: mnemonicFromEntropy(identity.entropy),
    accountIndex: identity.accountIndex,
    fogReportUrl: identity.fogReportUrl,
    fogReportId: identity.fogReportId,
    fogAuthoritySpki: identity.fogAuthoritySpki,
  };
  return new Secret(encodeMessage(UncheckedMnemonicAccountSchema, message, limits));
}

/**
 * An UncheckedMnemonicAccount, checked. Throws `bad-word-count`, `unknown-word` or `bad-checksum`, and WireError
 * `message-too-large`, `malformed-message`, or `missing-field` without a mnemonic or account index.
 */
export function decodeMnemonicIdentity(bytes: Uint8Array): MnemonicIdentity {
  const message = decodeMessage(UncheckedMnemonicAccountSchema, bytes, limits);
  return {
    kind: "mnemonic",
    accountIndex: readPresent(message.accountIndex, "account_index"),
    entropy: entropyFromMnemonic(readPresent(message.mnemonic, "mnemonic")),
    ...fogSettings({
      fogReportUrl: message.fogReportUrl ?? "",
      fogReportId: message.fogReportId ?? "",
      fogAuthoritySpki: message.fogAuthoritySpki ?? new Uint8Array(),
    }),
  };
}

function oneAuthority(native: Uint8Array, published: Uint8Array): Uint8Array {
  if (native.length > 0 && published.length > 0 && !equalBytes(native, published)) {
    throw new AccountError("conflicting-fog-authority", "This identity names two different Fog authorities.");
  }
  return native.length > 0 ? native : published;
}
