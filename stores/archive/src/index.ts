// Archives of blocks, wherever they lie: reading them as sources of blocks, and publishing a ledger.
export {
  archiveDestinationAt,
  archiveFilesAt,
  existingArchiveFilesAt,
} from "./archive-address.ts";
export { ArchiveBlockSource, type ArchiveBlockSourceOptions } from "./archive-block-source.ts";
export { ArchiveFileWriter } from "./archive-file-writer.ts";
export type { ArchiveDestination, ArchiveFiles, FileKind } from "./archive-files.ts";
export type { BlockSource, FetchOptions } from "./block-source.ts";
export { ArchiveError, type ArchiveErrorCode, type ArchiveErrorOptions } from "./error.ts";
export { folderFiles } from "./folder-files.ts";
export { type ArchiveHead, HEAD_PATH, readHead } from "./head.ts";
export { type HttpOptions, httpFiles } from "./http-files.ts";
export { nativeEd25519Verify } from "./native-ed25519.ts";
export { ArchivePublisher, type PublisherOptions, type PublisherParts } from "./publisher.ts";
export { readArchiveFile } from "./read-archive-file.ts";
export { readFileIfAny, readStream } from "./read-bounded.ts";
export {
  parseS3Address,
  publicS3Files,
  type S3Address,
  type S3Credentials,
  s3CredentialsFrom,
  s3Files,
} from "./s3-files.ts";
