// Text in messages. The runtime's default drops a leading byte order mark when it reads and replaces half a surrogate
// pair when it writes; both would change an address, and with it the address's hash, without a word.
import { configureTextEncoding } from "@bufbuild/protobuf/wire";
import { fromUtf8, utf8 } from "@fogbow/core-bytes";

let configured = false;

/** Makes the runtime use this product's strict UTF-8 for every message of the program. */
export function useStrictText(): void {
  if (configured) {
    return;
  }
  configureTextEncoding({
    encodeUtf8: (text) => new Uint8Array(utf8(text)),
    decodeUtf8: (bytes) => fromUtf8(bytes),
    checkUtf8: (text) => !/\p{Surrogate}/u.test(text),
  });
  configured = true;
}
