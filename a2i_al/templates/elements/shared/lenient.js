// Attribute text in, value out. Templates write JavaScript-like lists and objects into attributes (single quotes,
// bare keys, trailing commas, comments): they are read here, and never evaluated.

function parseLenient(text) {
  const token = /\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/|([[\]{}:,])|("(?:[^"\\]|\\[\s\S])*"|'(?:[^'\\]|\\[\s\S])*')|([^\s[\]{}:,'"]+)/y;
  const words = { true: true, false: false, null: null, undefined: null };
  let kind, current;

  function fail() {
    throw new SyntaxError(kind === 'end' ? 'it ends too early' : `unexpected ${current}`);
  }

  function advance() {
    while (token.lastIndex < text.length) {
      const found = token.exec(text);
      if (!found) throw new SyntaxError('a quotation mark is missing');
      [kind, current] = found[1] ? ['sign', found[1]] : found[2] ? ['string', found[2]] : ['word', found[3]];
      if (current !== undefined) return;
    }
    [kind, current] = ['end', ''];
  }

  function take() {
    const taken = current;
    advance();
    return taken;
  }

  function list(close, item) {
    take();
    while (current !== close) {
      if (current === ',') take();
      else item();
    }
    take();
  }

  function value() {
    if (kind === 'string') return unquote(take());
    if (kind === 'word') {
      const word = take();
      if (Object.hasOwn(words, word)) return words[word];
      return Number.isNaN(Number(word)) ? word : Number(word);
    }
    if (current === '[') {
      const items = [];
      list(']', () => items.push(value()));
      return items;
    }
    if (current === '{') {
      const members = Object.create(null);
      list('}', () => {
        if (kind === 'sign') fail();
        const key = kind === 'string' ? unquote(take()) : take();
        if (take() !== ':') fail();
        members[key] = value();
      });
      return members;
    }
    return fail();
  }

  advance();
  const parsed = value();
  if (kind !== 'end') fail();
  return parsed;
}

function unquote(quoted) {
  const letters = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', '\n': '' };
  return quoted.slice(1, -1).replace(/\\(?:u([\da-fA-F]{4})|x([\da-fA-F]{2})|([\s\S]))/g, (_, u, x, letter) =>
    letter === undefined ? String.fromCharCode(parseInt(u ?? x, 16)) : letters[letter] ?? letter);
}
