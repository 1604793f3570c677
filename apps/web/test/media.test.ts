import { expect, test } from 'vitest';
import { cleanName, endingOf } from '../src/page/media/clean-name.ts';
import { resample, waveformOf } from '../src/page/media/waveform.ts';
import { moveBy, NO_ZOOM, SCALE_MAX, zoomAt } from '../src/page/media/zoom.ts';
import { PartStore } from '../src/worker/files/part-store.ts';
import { sniffType } from '../src/worker/files/sniff-type.ts';

test.each([
  ['report.pdf', 'report.pdf'],
  ['../../etc/passwd', '_.._etc_passwd'],
  ['C:\\Windows\\a.exe', 'C__Windows_a.exe'],
  ['photo\u202Egpj.exe', 'photogpj.exe'],
  ['a\u0000b\nc.txt', 'abc.txt'],
  ['.htaccess', 'htaccess'],
  ['CON.txt', '_CON.txt'],
  ['name. . .', 'name'],
  ['<img src=x onerror=alert(1)>', '_img src=x onerror=alert(1)_'],
  ['', 'File'],
  ['\u200B\u2066', 'File'],
  [undefined, 'File'],
  ['отчёт 2026.pdf', 'отчёт 2026.pdf'],
])('makes a clean name of %j', (name, clean) => {
  expect(cleanName(name, 'File')).toBe(clean);
});

test('shortens a name, but keeps its ending', () => {
  const name = cleanName(`${'a'.repeat(5000)}.tar.gz`, 'File');
  expect([name.length, name.endsWith('.gz'), endingOf(name)]).toEqual([120, true, 'GZ']);
});

const bytes = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));

test.each([
  ['\xff\xd8\xff\xe0', 'image/png', 'image/jpeg'],
  ['<svg xmlns="http://www.w3.org/2000/svg">', 'image/svg+xml', 'application/octet-stream'],
  ['<!doctype html><script>', 'image/jpeg', 'application/octet-stream'],
  ['%PDF-1.7', 'application/pdf', 'application/octet-stream'],
  ['\0\0\0\x18ftypisom', 'audio/mp4', 'audio/mp4'],
  ['\0\0\0\x18ftypisom', 'text/html', 'video/mp4'],
  ['\x1f\x8b\x08', 'application/x-tgsticker', 'application/x-tgsticker'],
  ['\x1f\x8b\x08', 'text/html', 'application/octet-stream'],
  ['', 'video/mp4', 'application/octet-stream'],
])('finds the type of %j by its content', (content, claimed, type) => {
  expect(sniffType(bytes(content), claimed)).toBe(type);
});

test('a waveform has the loudest values of its stretches', () => {
  expect(waveformOf(Float32Array.of(0, 0.5, -1, 0.25), 4)).toEqual([0, 16, 31, 8]);
  expect(waveformOf(new Float32Array(100), 5)).toEqual([0, 0, 0, 0, 0]);
  expect(resample([1, 5, 2, 9], 2)).toEqual([5, 9]);
  expect(resample([3], 4)).toEqual([3, 3, 3, 3]);
  expect(resample([], 2)).toEqual([0, 0]);
});

test('what is under a pointer stays there while a picture is enlarged', () => {
  const at = { x: 100, y: -40 };
  const zoomed = zoomAt(zoomAt(NO_ZOOM, 2, at), 1.5, at);
  // The point of the picture that is drawn there.
  expect((at.x - zoomed.x) / zoomed.scale).toBeCloseTo(at.x);
  expect((at.y - zoomed.y) / zoomed.scale).toBeCloseTo(at.y);
  expect(zoomAt(zoomed, 1e9).scale).toBe(SCALE_MAX);
  expect(zoomAt(zoomed, 0.001, at)).toEqual(NO_ZOOM);
});

test('a picture is not moved out of its place', () => {
  const sizes = { picture: { width: 400, height: 100 }, place: { width: 500, height: 500 } };
  expect(moveBy({ scale: 2, x: 0, y: 0 }, { x: 9999, y: 9999 }, sizes)).toEqual({ scale: 2, x: 150, y: 0 });
});

test('parts of files are dropped by last use, but not while a file is loaded as a whole', () => {
  const store = new PartStore(30);
  const part = (): Blob => new Blob([new Uint8Array(10)]);
  store.pin('whole');
  for (let index = 0; index < 4; index++) store.put('whole', index, part());
  store.put('stream', 0, part());
  expect([store.get('whole', 0)?.size, store.get('stream', 0)]).toEqual([10, undefined]);
  store.unpin('whole');
  expect([0, 1, 2, 3].filter((index) => store.get('whole', index))).toEqual([0, 2, 3]);
  store.drop('whole');
  store.put('stream', 0, part());
  expect([store.get('whole', 3), store.get('stream', 0)?.size]).toEqual([undefined, 10]);
});
