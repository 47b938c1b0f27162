// The error of a node's configuration: which file, which field, and the two values that do not go together.
import { CodedError } from "@fogbow/core-bytes";

/** Why a configuration is refused. */
export type ConfigErrorCode =
  | "file-not-found" // A file that the configuration names is not there.
  | "file-unreadable" // It is there and cannot be read.
  | "file-too-large" // It is larger than any configuration.
  | "unknown-extension" // Its name ends neither in .toml nor in .json.
  | "malformed-file" // It is no TOML, JSON or PEM, or no archive of an origin block.
  | "unknown-field" // It has a field that nobody reads, perhaps misspelt.
  | "missing-field" // A field that is needed is not there.
  | "wrong-type" // A field is text where it should be a number, for example.
  | "out-of-range" // A number is too small, too large, or not whole; or a text is none of those that are allowed.
  | "invalid-uri" // A URI cannot be parsed, or one of its parameters makes no sense.
  | "unknown-scheme" // A URI is for another use than the one it is given for.
  | "invalid-responder-id" // A responder id is not host:port.
  | "missing-message-key" // The URI of a peer does not say which key its messages are signed with.
  | "invalid-message-key" // A key for messages is no Ed25519 key in one of the accepted forms.
  | "self-among-peers" // The node lists itself, by its responder id or by its key.
  | "duplicate-responder-id" // Two peers have one responder id.
  | "key-mismatch" // Two URIs give one responder id two different keys.
  | "duplicate-message-key" // Two peers have one key: consensus would take them for one node, sync for two.
  | "unknown-responder-id" // The quorum set names a node that is among no peers.
  | "missing-tx-source" // There are peers, and no archive to fetch blocks from.
  | "invalid-tx-source" // The address of an archive is none that can be fetched from.
  | "invalid-quorum-set" // The quorum set can never be satisfied, or is larger than allowed.
  | "weak-quorum-set" // On a chain of real money, a quorum set below a majority.
  | "missing-token" // Token 0 is not configured.
  | "duplicate-token" // A token is configured twice.
  | "missing-fee" // A token has no minimum fee.
  | "fee-out-of-bounds" // The minimum fee of token 0 is outside of what makes sense.
  | "invalid-fee" // A minimum fee is no positive multiple of 128.
  | "any-fee-not-allowed" // Only token 0 may be freed of those bounds.
  | "governors-not-allowed" // Token 0 is never minted.
  | "unknown-signer" // A signer is called by a name that is not defined.
  | "signers-nested-too-deep" // Signers contain signers, 32 levels deep.
  | "invalid-signer-set" // More signatures are asked for than there are signers, or none.
  | "invalid-signer-key" // A signer's key is no Ed25519 key in PEM.
  | "missing-governors-signature" // There are governors, and nobody vouches for them.
  | "origin-mismatch" // The ledger, or the origin block, is another network's.
  | "insecure-listener"; // Clear text on a chain of real money, where others than this machine can connect.

/** Where in a configuration something is wrong. */
export interface ConfigPlace {
  /** The file as it was named; `command line` for flags, `environment` for variables. */
  readonly file: string;
  /** The field, outer ones first: `quorum_set.members[1].args`. Empty for the file as a whole. */
  readonly field: string;
}

/** A configuration that is refused. */
export class ConfigError extends CodedError<ConfigErrorCode> {
  override readonly name = "ConfigError";
  readonly file: string;
  readonly field: string;
  /** What was compared: what the configuration says, and what it should go together with. Empty when nothing was. */
  readonly values: readonly string[];

  constructor(
    code: ConfigErrorCode,
    { file, field }: ConfigPlace,
    message: string,
    { values = [], ...options }: ErrorOptions & { readonly values?: readonly string[] } = {},
  ) {
    super(code, `${file}${field === "" ? "" : `, ${field}`}: ${message}`, options);
    this.file = file;
    this.field = field;
    this.values = values;
  }
}
