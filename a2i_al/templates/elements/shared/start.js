// Once the document is parsed: define the elements, tell the template's scripts and the page around this frame.

function start() {
  ELEMENTS.forEach((elementClass, tag) => customElements.define(tag, elementClass));
  standInForUnknown(document.body);
  new MutationObserver((records) => records.forEach(({ addedNodes }) => addedNodes.forEach((node) =>
    node instanceof Element && standInForUnknown(node)))).observe(document.body, { childList: true, subtree: true });
  document.addEventListener('keydown', onKey);
  document.dispatchEvent(new CustomEvent('all-crowd-elements-ready', { bubbles: true }));
  reportHeight();
  post('ready');
}

if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', start);
else start();
