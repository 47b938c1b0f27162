// What every attested service of Fog does: handshakes and sealed messages, each noted as a packet on the network.
import { decodeAuthMessage, decodeSealedMessage, encodeAuthMessage, encodeSealedMessage } from "@fogbow/core-attest";
import type { AuthMessage, Message } from "@fogbow/core-wire";
import type { Door } from "./door.ts";
import type { Notebook } from "./notebook.ts";

/** Two methods of a service. */
export interface AttestedService {
  readonly auth: (request: AuthMessage) => Promise<{ readonly data: Uint8Array }>;
  readonly send: (request: Message) => Promise<ReturnType<typeof decodeSealedMessage>>;
}

/** A service whose handshakes the enclave behind a door answers, and whose messages `answer` does. */
export function attestedService(
  name: string,
  { door, notebook }: { readonly door: Door; readonly notebook: Notebook },
  answer: (sealed: Uint8Array) => Promise<Uint8Array>,
): AttestedService {
  return {
    auth: async ({ data }) => {
      const answered = await notebook.exchange("wire", `${name} auth`, data, async () => {
        return { answered: await door.ask("client-auth", encodeAuthMessage(data)) };
      });
      return { data: decodeAuthMessage(answered) };
    },
    send: async ({ aad, channelId, data }) => {
      const sealed = encodeSealedMessage({ aad, channelId, data });
      const answered = await notebook.exchange("wire", name, sealed, async () => ({ answered: await answer(sealed) }));
      return decodeSealedMessage(answered);
    },
  };
}
