// AttestedApi.Auth of peers: a channel between two enclaves, each of which verifies the other.
import { Code } from "@connectrpc/connect";
import type { AuthMessage } from "@fogbow/core-wire";
import { enclaveError } from "../../replica/enclave-door.ts";
import type { Handler } from "../handlers.ts";
import type { Served } from "../served.ts";

/** Answers a peer's handshake. `PERMISSION_DENIED` for one that the enclave refuses. */
export function peerAuth({ door, clock }: Pick<Served, "door" | "clock">): Handler<AuthMessage, AuthMessage> {
  return async (request, { signal } = {}) => {
    try {
      return await door.peerAuth(request, clock.unixMilliseconds(), signal && { signal });
    } catch (error) {
      throw enclaveError(error, Code.PermissionDenied);
    }
  };
}
