// Runs in the notebook's page, once per task frame: passes what the frame sends to the kernel, and the kernel's
// replies to the frame. The frame's origin is opaque, so its window and the nonce are what is checked.
(frame) => {
  if (frame.a2iAlListen) return frame.a2iAlListen();
  const { nonce } = frame.dataset;
  const hold = Number(frame.dataset.hold); // milliseconds in which an answer can be taken back
  const limit = Number(frame.dataset.limit);
  const root = frame.closest('.a2i-al-review');
  if (!root) return;
  const bar = root.querySelector('.a2i-al-hold');
  const replies = root.querySelector('.a2i-al-reply');
  let held = null;
  let timer = 0;
  let told = null;
  let sized = false;

  root.tabIndex = -1;
  // The earliest listener there is, and one that outlives this frame: Notebook 7 takes its keys on their way down.
  if (!root.a2iAlOnKey) {
    window.addEventListener('keydown', (event) => root.contains(event.target) && root.a2iAlOnKey(event), true);
  }
  root.a2iAlOnKey = onKey;

  const observer = new MutationObserver(onReply);
  frame.a2iAlListen = listen;
  listen();
  focus(root);
  // Not before somebody listens: the page's own load event may wait for a slow picture.
  frame.srcdoc = inTheme(frame.dataset.page);

  // Again with every load: a frame that was moved in the page has loaded anew.
  function listen() {
    window.addEventListener('message', onMessage);
    observer.observe(replies, { childList: true, subtree: true, characterData: true });
  }

  function leave() {
    window.removeEventListener('message', onMessage);
    observer.disconnect();
    clearTimeout(timer);
  }

  function onMessage({ source, data }) {
    if (!frame.isConnected) return leave();
    if (source !== frame.contentWindow || data?.nonce !== nonce) return;
    if (data.kind === 'ready') focus(frame);
    if (data.kind === 'height' && Number.isFinite(data.value)) {
      frame.style.height = `${Math.min(1200, Math.max(120, Math.ceil(data.value)))}px`;
      if (!sized && document.activeElement === frame) root.scrollIntoView({ block: 'nearest' });
      sized = true;
    }
    if (data.kind === 'answer') keep(data.value);
    if (data.kind === 'skip') deliver('skip', null);
  }

  function keep(value) {
    if (held !== null) return;
    held = value;
    if (!hold) return save();
    bar.hidden = false;
    const [undo, now] = bar.querySelectorAll('button');
    undo.onclick = takeBack;
    now.onclick = save;
    now.focus({ preventScroll: true });
    bar.style.setProperty('--hold', `${hold}ms`);
    timer = setTimeout(save, hold);
  }

  // Keys belong to the review and not to the notebook, also while one task makes way for the next.
  function onKey(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    event.stopPropagation();
    if (bar.hidden) return;
    if (event.key === 'u') takeBack();
    if (event.key === 'Tab') [...bar.querySelectorAll('button')].find((button) => button !== event.target).focus();
    // An Enter that is still held down from Submit is no second one.
    if (['u', 'Tab'].includes(event.key) || event.repeat) event.preventDefault();
  }

  function takeBack() {
    close();
    say('Taken back. Change it and submit it again.');
    focus(frame);
  }

  function save() {
    const value = held;
    close();
    deliver('answer', value);
  }

  function close() {
    clearTimeout(timer);
    bar.hidden = true;
    held = null;
  }

  function deliver(kind, value) {
    const text = JSON.stringify({ nonce, kind, value, count: performance.now() });
    if (text.length > limit) return say(`Not saved: the answer is over ${Math.round(limit / 1024)} KiB.`);
    root.focus({ preventScroll: true });
    const box = root.querySelector('.a2i-al-box textarea');
    // The widget listens for what a person types; the prototype's setter is what typing goes through.
    Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, 'value').set.call(box, text);
    for (const type of ['input', 'change']) box.dispatchEvent(new Event(type, { bubbles: true }));
  }

  function onReply() {
    let reply = null;
    try {
      reply = JSON.parse(replies.textContent);
    } catch {
      return;
    }
    if (reply?.nonce !== nonce || reply.count === told) return;
    told = reply.count;
    say(reply.message);
    focus(frame);
  }

  function say(message) {
    frame.contentWindow?.postMessage({ nonce, kind: 'error', message }, '*');
  }

  // JupyterLab's theme may differ from the system's, which is what the frame's own style goes by. Only the page's head,
  // up to the end of that style, is touched: what a template or an item says stays as it is.
  function inTheme(page) {
    const light = document.body.dataset.jpThemeLight;
    const dark = matchMedia('(prefers-color-scheme: dark)').matches;
    if (!light || (light === 'false') === dark) return page;
    const [head, ...rest] = page.split('</style>');
    return [head.replaceAll('(prefers-color-scheme: dark)', dark ? 'not all' : 'all')
      .replace('content="light dark"', `content="${dark ? 'light' : 'dark'}"`), ...rest].join('</style>');
  }

  // A frame comes because its reviewer wanted it; only what is being typed elsewhere goes before it.
  function focus(element) {
    const active = document.activeElement;
    if (active?.closest('input, textarea, select, [contenteditable="true"]') && !root.contains(active)) return;
    // Anew even if it has the focus: a frame that had it while it loaded does not pass on the keys.
    root.focus({ preventScroll: true });
    element.focus({ preventScroll: true });
  }
}
