// The process that makes photos on a machine where sharp cannot be loaded.
process.once('disconnect', () => process.exit());
process.send({ kind: 'unavailable', reason: 'no sharp here' });
