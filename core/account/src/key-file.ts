// Key files in JSON (spec 01 §2.7): the mnemonic form, and the legacy form that `root_entropy` gives away.
import { Secret, wipeBytes } from "@fogbow/core-bytes";
import { AccountError } from "./error.ts";
import { type FogSettings, fogSettings } from "./fog-settings.ts";
import type { Identity } from "./identity.ts";
import { ACCOUNT_SIZE_MAX } from "./limits.ts";
import { entropyFromMnemonic, mnemonicFromEntropy } from "./mnemonic.ts";
import { checkRootEntropy, ROOT_ENTROPY_BYTES } from "./root-entropy.ts";
import { checkAccountIndex } from "./slip10.ts";

/**
 * Reads a key file of either form, up to 16 384 characters. Absent or null Fog fields count as empty. Throws
 * `malformed-key-file`, for a mnemonic `bad-word-count`, `unknown-word`, `bad-checksum` or `out-of-range`, and BytesError
 * `invalid-utf8` for a Fog field with half a surrogate pair.
 */
export function parseKeyFile(json: string): Identity {
  const file = parseObject(json);
  return "root_entropy" in file ? parseLegacy(file) : parseMnemonic(file);
}

/**
 * Writes a key file: it holds the secret in clear. Throws `bad-entropy-length` or `out-of-range`, and
 * `malformed-key-file` for one that would be too long to read.
 */
export function formatKeyFile(identity: Identity): string {
  const json = JSON.stringify(toFile(identity));
  expectReadable(json);
  return json;
}

function toFile(identity: Identity): JsonObject {
  const authority = { fog_authority_spki: [...identity.fogAuthoritySpki] };
  switch (identity.kind) {
    case "mnemonic":
      checkAccountIndex(identity.accountIndex);
      return {
        mnemonic: mnemonicFromEntropy(identity.entropy),
        account_index: identity.accountIndex,
        fog_report_url: identity.fogReportUrl,
        fog_report_id: identity.fogReportId,
        ...authority,
      };
    case "root-entropy":
      checkRootEntropy(identity.rootEntropy);
      return {
        root_entropy: [...identity.rootEntropy.expose()],
        fog_url: identity.fogReportUrl,
        fog_report_id: identity.fogReportId,
        ...authority,
      };
    default:
      return identity satisfies never;
  }
}

type JsonObject = Readonly<Record<string, unknown>>;

function parseMnemonic(file: JsonObject): Identity {
  const { mnemonic, account_index: accountIndex } = file;
  if (typeof mnemonic !== "string" || typeof accountIndex !== "number") {
    throw malformed('it needs "mnemonic" and "account_index", or "root_entropy"');
  }
  checkAccountIndex(accountIndex);
  const fog = parseFog(file, "fog_report_url");
  return { kind: "mnemonic", entropy: entropyFromMnemonic(mnemonic), accountIndex, ...fog };
}

function parseLegacy(file: JsonObject): Identity {
  const fog = parseFog(file, "fog_url");
  const rootEntropy = parseBytes(file, "root_entropy");
  if (rootEntropy.length !== ROOT_ENTROPY_BYTES) {
    wipeBytes(rootEntropy);
    throw malformed(`"root_entropy" must have ${ROOT_ENTROPY_BYTES} bytes`);
  }
  return { kind: "root-entropy", rootEntropy: new Secret(rootEntropy), ...fog };
}

function parseFog(file: JsonObject, urlField: string): FogSettings {
  return fogSettings({
    fogReportUrl: parseText(file, urlField),
    fogReportId: parseText(file, "fog_report_id"),
    fogAuthoritySpki: parseBytes(file, "fog_authority_spki"),
  });
}

function parseText(file: JsonObject, field: string): string {
  const value = file[field] ?? "";
  if (typeof value !== "string") {
    throw malformed(`"${field}" must be text`);
  }
  return value;
}

/** An array of numbers from 0 to 255. */
function parseBytes(file: JsonObject, field: string): Uint8Array {
  const value = file[field] ?? [];
  const isByte = (item: unknown): boolean => Number.isInteger(item) && Number(item) >= 0 && Number(item) <= 255;
  if (!Array.isArray(value) || !value.every(isByte)) {
    throw malformed(`"${field}" must be an array of byte values`);
  }
  return Uint8Array.from(value);
}

function parseObject(json: string): JsonObject {
  expectReadable(json);
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw malformed("it is not JSON"); // The engine's error is dropped: it quotes the text.
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw malformed("it is not a JSON object");
  }
  return value as JsonObject; // Every object can be read by name.
}

function expectReadable(json: string): void {
  if (typeof json !== "string" || json.length > ACCOUNT_SIZE_MAX) {
    throw malformed(`it is not text of at most ${ACCOUNT_SIZE_MAX} characters`);
  }
}

function malformed(reason: string): AccountError {
  return new AccountError("malformed-key-file", `This is not a key file: ${reason}.`);
}
