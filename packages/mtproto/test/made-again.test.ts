import { describe, expect, test } from 'vitest';
import { type ServerMessage, serviceMessage } from '../src/client/client-session.ts';
import { SessionLink } from '../src/session/session-link.ts';
import { call, Stage } from './session-stage.ts';

const LONG = 8_000;

/** A session whose client got the long answer to a call that only reads. */
function answered(): { stage: Stage; request: bigint; answer: ServerMessage; answerId: bigint } {
  const stage = new Stage().begin();
  const request = stage.call(1);
  stage.session.reply(request, call(5, LONG), { request: call(1), nowMs: stage.nowMs });
  const [answer] = stage.take();
  expect(answer!.answers).toBe(request);
  return { stage, request, answer: answer!, answerId: answer!.msgId };
}

/** The client comes back over another connection. @returns what it is told */
function comeBack(stage: Stage): ReturnType<Stage['takeService']> {
  stage.session.closeLink(stage.link, stage.nowMs);
  stage.link = new SessionLink();
  stage.service({ _: 'ping', ping_id: 1n }, false);
  return stage.takeService();
}

describe('the long answer to a call that only reads', () => {
  test('is described to a client that comes back, and made again when it asks for it', () => {
    const { stage, request, answerId } = answered();
    expect(comeBack(stage)).toContainEqual({ _: 'msg_detailed_info', msg_id: request, answer_msg_id: answerId, bytes: LONG + 20, status: 4 + 32 + 64 });
    const { events } = stage.service({ _: 'msg_resend_req', msg_ids: [answerId] }, false);
    expect(events).toEqual([{ type: 'request', msgId: request, body: call(1) }]);
    expect(stage.session.running).toBe(1);
    stage.session.reply(request, call(6, LONG), { request: call(1), nowMs: stage.nowMs });
    const again = stage.take().find(({ answers }) => answers !== undefined);
    expect(again).toMatchObject({ answers: request });
    expect(again!.msgId).not.toBe(answerId);
    expect(Uint8Array.from(again!.body)).toEqual(call(6, LONG));
  });

  test('is made again once, however often it is asked for', () => {
    const { stage, answerId } = answered();
    comeBack(stage);
    expect(stage.service({ _: 'msg_resend_req', msg_ids: [answerId, answerId] }, false).events).toHaveLength(1);
    expect(stage.service({ _: 'msg_resend_req', msg_ids: [answerId] }, false).events).toEqual([]);
    expect(stage.session.running).toBe(1);
  });

  test('is not mentioned again after it was acknowledged', () => {
    const { stage, answer, answerId } = answered();
    stage.acknowledge([answer]);
    expect(comeBack(stage).map(({ _: name }) => name)).toEqual(['pong']);
    expect(stage.service({ _: 'msg_resend_req', msg_ids: [answerId] }, false).events).toEqual([]);
  });

  test('is described once for each connection', () => {
    const { stage } = answered();
    expect(comeBack(stage).filter(({ _: name }) => name === 'msg_detailed_info')).toHaveLength(1);
    stage.service({ _: 'ping', ping_id: 2n }, false);
    expect(stage.takeService().filter(({ _: name }) => name === 'msg_detailed_info')).toEqual([]);
    expect(comeBack(stage).filter(({ _: name }) => name === 'msg_detailed_info')).toHaveLength(1);
  });

  test('is described over the connection that is left when another one closes', () => {
    const stage = new Stage().begin();
    const [one, two] = [stage.link, new SessionLink()];
    stage.service({ _: 'ping', ping_id: 1n }, false, two);
    stage.take(two);
    const { msgIds: [request] } = stage.send([{ body: call(1) }], two);
    stage.session.reply(request!, call(5, LONG), { request: call(1), nowMs: stage.nowMs });
    stage.take(two);
    stage.session.closeLink(two, stage.nowMs);
    expect(stage.takeService(one)).toContainEqual(expect.objectContaining({ _: 'msg_detailed_info', msg_id: request }));
  });

  test.each(['before', 'after'])('is not kept for a client that is away: ready %s it left', (when) => {
    const stage = new Stage().begin();
    const request = stage.call(1);
    if (when === 'after') stage.session.closeLink(stage.link, stage.nowMs);
    stage.session.reply(request, call(5, LONG), { request: call(1), nowMs: stage.nowMs });
    stage.session.push(call(2));
    if (when === 'before') stage.session.closeLink(stage.link, stage.nowMs);
    expect(stage.session.waitingAnswerBytes).toBe(0);
    stage.link = new SessionLink();
    stage.service({ _: 'ping', ping_id: 1n }, false);
    const told = stage.take();
    expect(told.some(({ answers }) => answers === request)).toBe(false);
    const described = told.map(serviceMessage).find((message) => message?._ === 'msg_detailed_info');
    expect(described).toMatchObject({ msg_id: request, bytes: LONG + 20 });
    const answerId = described?._ === 'msg_detailed_info' ? described.answer_msg_id : 0n;
    expect(stage.service({ _: 'msg_resend_req', msg_ids: [answerId] }, false).events).toEqual([{ type: 'request', msgId: request, body: call(1) }]);
  });

  test('is described to a client that repeats the call, and does not run by itself', () => {
    const stage = new Stage().begin();
    const { packet, msgIds } = stage.client.encrypt([{ body: call(1) }]);
    stage.deliver(packet);
    stage.session.reply(msgIds[0]!, call(5, LONG), { request: call(1), nowMs: stage.nowMs });
    stage.take();
    // Anybody who recorded the packet can send it again.
    expect(stage.deliver(packet)).toEqual([]);
    expect(stage.takeService()).toMatchObject([{ _: 'msg_detailed_info', msg_id: msgIds[0] }]);
  });

  test('takes no more room than its request, so that many of them are not forgotten', () => {
    const stage = new Stage({ limits: { unacknowledgedBytes: 2_000 } }).begin();
    const requests = Array.from({ length: 20 }, (_, i) => stage.call(i));
    for (const request of requests) {
      stage.session.reply(request, call(5, 400_000), { request: call(1), nowMs: stage.nowMs });
      stage.take();
    }
    expect(comeBack(stage).filter(({ _: name }) => name === 'msg_detailed_info')).toHaveLength(20);
  });

  test('is cancelled by rpc_drop_answer like any other', () => {
    const { stage, request, answerId } = answered();
    stage.service({ _: 'rpc_drop_answer', req_msg_id: request });
    stage.take();
    expect(comeBack(stage).filter(({ _: name }) => name === 'msg_detailed_info')).toEqual([]);
    expect(stage.service({ _: 'msg_resend_req', msg_ids: [answerId] }, false).events).toEqual([]);
  });
});

test('a short answer to a call that only reads is kept and sent again', () => {
  const stage = new Stage().begin();
  const request = stage.call(1);
  stage.session.reply(request, call(5, 100), { request: call(1), nowMs: stage.nowMs });
  const [first] = stage.take();
  stage.session.closeLink(stage.link, stage.nowMs);
  stage.link = new SessionLink();
  stage.service({ _: 'ping', ping_id: 1n }, false);
  expect(stage.take()).toContainEqual(first);
});
