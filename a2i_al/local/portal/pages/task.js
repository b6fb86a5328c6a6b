// Around a task: takes the answer out of the sandboxed frame, has it saved, and goes on to the next task.

const frame = document.getElementById('task');
const { nonce, name } = frame.dataset;
const problem = document.getElementById('problem');
const saved = document.getElementById('saved');
let busy = false;

// The frame's origin is opaque ("null"): a message is its own if it comes from its window and carries the nonce.
window.addEventListener('message', ({ source, data }) => {
  if (source !== frame.contentWindow || data?.nonce !== nonce) return;
  if (data.kind === 'ready') focusTask();
  if (data.kind === 'answer') send('answer', { answerContent: data.value });
  if (data.kind === 'skip') send('release', {});
});

document.getElementById('release').addEventListener('click', () => send('release', {}));
window.addEventListener('focus', () => document.activeElement === document.body && focusTask());
frame.addEventListener('load', focusTask);
// From here on, not in the page: a frame quicker than this script would go unheard.
frame.src = `${name}/page`;

function focusTask() {
  frame.focus({ preventScroll: true });
}

async function send(what, body) {
  if (busy) return;
  busy = true;
  problem.hidden = true;
  try {
    const reply = await fetch(`${name}/${what}`, {
      method: 'POST', headers: { 'Content-Type': 'application/json', 'X-CSRF': '1' }, body: JSON.stringify(body),
    });
    const result = await reply.json();
    if (!reply.ok) throw new Error(result.message);
    if (result.saved) {
      saved.textContent = 'Saved';
      tell('ack', 'Saved', { saved: true });
    }
    // Relative, like every link here: the portal may lie under another path than its own.
    location.assign(result.next ? `../${result.next.replace(/^\/portal\//, '')}` : `../tasks${result.saved ? '?done' : ''}`);
  } catch (error) {
    busy = false;
    const message = error instanceof TypeError ? 'The service does not answer. Is it still running?' : error.message;
    problem.textContent = what === 'answer' ? `Not saved: ${message}` : message;
    problem.hidden = false;
    tell('error', message);
  }
}

function tell(kind, message, more = {}) {
  frame.contentWindow.postMessage({ nonce, kind, message, ...more }, '*');
}
