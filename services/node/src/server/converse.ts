// PeerAPI.Converse as it is served: each question of the stream goes to the handler of its RPC.
import { create } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { type PeerAnswer, PeerAnswerSchema, type PeerQuestion } from "@fogbow/core-wire";
import type { Call, PeerHandlers } from "../rpc/handlers.ts";
import { QUESTIONS_MAX } from "./limits.ts";
import { PushQueue } from "./push-queue.ts";

/** The handlers that questions go to. */
export type ConverseHandlers = Pick<PeerHandlers, "sendConsensusMsg" | "peerTxPropose" | "getConnections">;

/**
 * The answers, each when it is done. Of {@link QUESTIONS_MAX} that are unanswered no further one is read. Rejects when a
 * handler makes a mistake: with anything but a ConnectError.
 */
export async function* converse(
  questions: AsyncIterable<PeerQuestion>,
  handlers: ConverseHandlers,
  call: Call,
): AsyncGenerator<PeerAnswer> {
  const answers = new PushQueue<PeerAnswer>();
  let unanswered = 0;
  let makeRoom: () => void = () => undefined;
  const readAll = async (): Promise<void> => {
    for await (const question of questions) {
      unanswered++;
      void answer(question, handlers, call)
        .then((each) => answers.push(each))
        .catch((mistake: unknown) => answers.end(mistake))
        .finally(() => {
          unanswered--;
          makeRoom();
        });
      while (unanswered >= QUESTIONS_MAX) await new Promise<void>((resolve) => (makeRoom = resolve));
    }
    while (unanswered > 0) await new Promise<void>((resolve) => (makeRoom = resolve));
  };
  void readAll().then(
    () => answers.end(),
    (reason: unknown) => answers.end(reason),
  );
  yield* answers;
}

async function answer({ id, question }: PeerQuestion, handlers: ConverseHandlers, call: Call): Promise<PeerAnswer> {
  try {
    switch (question.case) {
      case "sendConsensusMsg": {
        const value = await handlers.sendConsensusMsg(question.value, call);
        return create(PeerAnswerSchema, { id, answer: { case: "sendConsensusMsg", value } });
      }
      case "peerTxPropose": {
        const value = await handlers.peerTxPropose(question.value, call);
        return create(PeerAnswerSchema, { id, answer: { case: "peerTxPropose", value } });
      }
      case "getConnections": {
        const value = await handlers.getConnections(question.value, call);
        return create(PeerAnswerSchema, { id, answer: { case: "getConnections", value } });
      }
      case undefined:
        throw new ConnectError("This node does not know the question.", Code.Unimplemented);
      default:
        return question satisfies never;
    }
  } catch (error) {
    if (!(error instanceof ConnectError)) throw error;
    return create(PeerAnswerSchema, { id, code: error.code, message: error.rawMessage });
  }
}
