// What every crowd-* element is made of: a shadow root in the house style around the template's own children.

const ELEMENTS = new Map();
const STYLE = new CSSStyleSheet();
STYLE.replaceSync(document.getElementById('a2i-al-style').textContent);

// Elements are only noted here and defined when the document is parsed (start.js): an element that is upgraded while
// the parser runs has no children yet.
function define(tag, elementClass) {
  ELEMENTS.set(tag, elementClass);
}

// h('button', { class: 'x', onclick: f, 'aria-label': 'Close' }, 'text', node): one DOM element, nothing parsed as HTML.
function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element[name] = value;
    else if (value === true) element.setAttribute(name, '');
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null));
  return element;
}

// What a message shows of an address: not the signature of a link, and not all of a data: URL.
function addressOf(src) {
  const [address] = src.startsWith('data:') ? [src] : src.split('?');
  return address.length > 120 ? `${address.slice(0, 117)}…` : address || 'src is empty';
}

class CrowdElement extends HTMLElement {
  connectedCallback() {
    if (this.shadowRoot) return;
    const root = this.attachShadow({ mode: 'open', delegatesFocus: this.constructor.delegatesFocus ?? false });
    root.adoptedStyleSheets = [STYLE];
    this.render(root);
    this.adoptEarlyProperties();
  }

  // A script of the template may have set `.value` before the element was defined: that made a plain property, which
  // hides the element's own.
  adoptEarlyProperties() {
    for (const name of Object.keys(this)) {
      if (!(name in Object.getPrototypeOf(this))) continue;
      const value = this[name];
      delete this[name];
      this[name] = value;
    }
  }

  attribute(name, fallback = '') {
    return this.getAttribute(name) ?? fallback;
  }

  flag(name) {
    return this.hasAttribute(name) && this.getAttribute(name) !== 'false';
  }

  // Children of these tags go to the slots of the same name.
  slotChildren(...tags) {
    for (const child of this.children) {
      if (tags.includes(child.localName)) child.slot = child.localName;
    }
  }

  // Where short instructions stand; without any, no empty line is left for them.
  brief() {
    const slot = h('slot', { name: 'short-instructions' });
    const brief = h('div', { class: 'brief', hidden: !this.querySelector(':scope > short-instructions') }, slot);
    slot.onslotchange = () => { brief.hidden = !slot.assignedNodes().length; };
    return brief;
  }

  fire(name, detail) {
    return this.dispatchEvent(new CustomEvent(name, { bubbles: true, composed: true, cancelable: true, detail }));
  }
}

// Stands where an element of Amazon's stands that is not made here: it says so, and still shows what is inside.
class StandIn extends CrowdElement {
  render(root) {
    root.append(
      h('p', { class: 'a2i-al-note', role: 'note' }, h('code', {}, `<${this.localName}>`),
        ' is not available in this page. In Amazon A2I it works as usual.'),
      h('slot'),
    );
  }
}

function standInForUnknown(root) {
  const elements = [root, ...root.querySelectorAll('*')];
  for (const tag of new Set(elements.map((element) => element.localName))) {
    if (tag?.startsWith('crowd-') && !customElements.get(tag)) customElements.define(tag, class extends StandIn {});
  }
}
