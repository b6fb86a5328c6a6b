// Textract's blocks in camelCase, as A2I gives them, in; key-value pairs to review out; and the reviewed pairs as blocks.

function textOfBlock(block, byId) {
  if (typeof block?.text === 'string') return block.text;
  const words = relatedTo(block, 'CHILD').map((id) => byId.get(id)).filter(Boolean);
  return words.map((word) => word.text ?? word.selectionStatus ?? '').join(' ');
}

function relatedTo(block, type) {
  return (block?.relationships ?? []).filter((one) => one.type === type).flatMap((one) => one.ids ?? []);
}

function plainKey(text) {
  return String(text).trim().replace(/\s*:$/, '').toLowerCase();
}

// One {key, value, blocks} for each KEY block, then one with `missing` for each important key that no block has.
function pairsOf(blocks, important) {
  const byId = new Map(blocks.map((block) => [block.id, block]));
  const keys = blocks.filter((block) => block.blockType === 'KEY_VALUE_SET' && block.entityTypes?.includes('KEY'));
  const pairs = keys.map((keyBlock) => {
    const [valueId] = relatedTo(keyBlock, 'VALUE');
    const valueBlock = byId.get(valueId) ?? { id: valueId ?? `${keyBlock.id}-value` };
    return { keyBlock, valueBlock, key: textOfBlock(keyBlock, byId), value: textOfBlock(valueBlock, byId), missing: false };
  });
  const found = new Set(pairs.map(({ key }) => plainKey(key)));
  const missing = important.filter(({ importantFormKey, importantFormKeyAliases }) => importantFormKey !== '*'
    && ![importantFormKey, ...importantFormKeyAliases ?? []].some((key) => found.has(plainKey(key))));
  return [...pairs, ...missing.map(({ importantFormKey }, index) => ({
    keyBlock: { id: `added-key-${index + 1}` }, valueBlock: { id: `added-value-${index + 1}` },
    key: String(importantFormKey), value: '', missing: true,
  }))];
}

function blocksOf({ keyBlock, valueBlock, key, value }) {
  const linked = relatedTo(keyBlock, 'VALUE').length ? keyBlock.relationships
    : [...keyBlock.relationships ?? [], { type: 'VALUE', ids: [valueBlock.id] }];
  return [
    { blockType: 'KEY_VALUE_SET', id: keyBlock.id, relationships: linked, entityTypes: ['KEY'], text: key },
    { blockType: 'KEY_VALUE_SET', id: valueBlock.id, relationships: valueBlock.relationships ?? [], entityTypes: ['VALUE'], text: value },
  ];
}
