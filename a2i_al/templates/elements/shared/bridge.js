// Messages to and from the page around this frame. Its origin is opaque: the nonce and the sender are what is checked.

const FRAMED = window.parent !== window;
const SENDS = FRAMED && !PREVIEW;

function post(kind, value = null) {
  if (FRAMED) window.parent.postMessage({ nonce: NONCE, kind, value }, '*');
}

// Calls back with each {kind: 'ack' | 'error', message} that the parent sends.
function onReply(callback) {
  window.addEventListener('message', ({ source, data }) => {
    if (source === window.parent && data?.nonce === NONCE && ['ack', 'error'].includes(data.kind)) callback(data);
  });
}

// The body, not the root element: the root is never less high than its frame, so a frame that follows it cannot shrink.
function reportHeight() {
  let last = 0;
  new ResizeObserver(() => {
    const height = Math.ceil(document.body.getBoundingClientRect().height);
    if (height !== last) post('height', (last = height));
  }).observe(document.body);
}

// The page may load nothing from the network. What it tried is said where its author sees it.
const blocked = new Set();
document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) => {
  if (blocked.has(blockedURI) || !document.body) return;
  blocked.add(blockedURI);
  document.body.prepend(h('p', { class: 'a2i-al-note', role: 'note' },
    `Not loaded here: ${blockedURI} (${effectiveDirective}). This page has no access to the network.`));
});
