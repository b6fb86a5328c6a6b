// <crowd-form>: collects its controls' answers and sends them to the page around this frame. A submit event comes
// first, which the template's scripts may prevent; submit() sends without asking, as a form's does.

const PATIENCE = 5000; // milliseconds until an answer without a reply is called unsaved

class CrowdForm extends CrowdElement {
  state = 'open';

  // Templates reach for the native form that Amazon's element has inside.
  get form() {
    return this;
  }

  render(root) {
    this.status = h('div', { class: 'status', role: 'status' });
    // Beside a list of categories, Submit stands below the categories: the way from the choice to it is short.
    this.actions = h('div', { class: this.querySelector('[categories], .task > .choices') ? 'actions below-choices' : 'actions' });
    if (!this.querySelector('crowd-button[form-action="submit"], [type="submit"]')) {
      this.ownButton = h('crowd-button', { 'form-action': 'submit', variant: 'primary' }, 'Submit');
      this.actions.append(this.ownButton);
    }
    this.actions.append(this.status, h('button', { class: 'quiet keys', type: 'button', onclick: showKeys },
      h('kbd', {}, '?'), ' Keys'));
    root.append(h('slot'), this.actions);
    this.addEventListener('crowd-action', ({ detail }) => (detail === 'reset' ? this.reset() : this.requestSubmit()));
    this.addEventListener('click', (event) => this.onClick(event));
    this.addEventListener('submit', (event) => this.onNestedSubmit(event));
    onReply((reply) => this.onReply(reply));
  }

  onClick(event) {
    const button = event.target.closest?.('button[type="submit"], input[type="submit"]');
    if (button && !button.form && !event.defaultPrevented) this.requestSubmit();
  }

  // A native form inside would leave the page; its Submit means this form's.
  onNestedSubmit(event) {
    if (event.target === this || event.defaultPrevented) return;
    event.preventDefault();
    this.requestSubmit();
  }

  requestSubmit() {
    if (this.state !== 'open') return;
    const wrong = faulty(this);
    if (wrong.length) {
      this.say('error', wrong.length === 1 ? 'One answer is missing or needs a correction.'
        : `${wrong.length} answers are missing or need a correction.`);
      // What hides it, a tab or a modal, shows it first.
      wrong[0].dispatchEvent(new CustomEvent('crowd-reveal', { bubbles: true, composed: true }));
      (wrong[0].reportValidity ?? wrong[0].focus)?.call(wrong[0]);
      return;
    }
    this.say('', '');
    if (this.dispatchEvent(new Event('submit', { bubbles: true, cancelable: true }))) this.submit();
  }

  submit() {
    if (this.state !== 'open') return;
    let answer;
    try {
      answer = JSON.parse(JSON.stringify(collect(this)));
    } catch (error) {
      this.say('error', `The answer cannot be sent: ${error.message}`);
      return;
    }
    if (!SENDS) {
      this.showAnswer(answer);
      return;
    }
    this.setState('sending');
    this.say('', 'Saving …');
    this.timer = setTimeout(() => {
      this.setState('open');
      this.say('error', 'No reply yet: the answer may not be saved. Is the kernel or the service running?');
    }, PATIENCE);
    post('answer', answer);
  }

  onReply({ kind, saved, message }) {
    clearTimeout(this.timer);
    const good = kind === 'ack' && saved !== false;
    this.setState(good ? 'saved' : 'open');
    this.say(good ? 'good' : 'error', message || (good ? 'Saved.' : 'The answer was not saved.'));
  }

  setState(state) {
    this.state = state;
    for (const button of [this.ownButton, ...this.querySelectorAll('crowd-button[form-action="submit"]')]) {
      button?.toggleAttribute('loading', state === 'sending');
      button?.toggleAttribute('disabled', state === 'saved');
    }
  }

  say(mood, text) {
    this.status.className = `status ${mood}`;
    this.status.textContent = text;
  }

  showAnswer(answer) {
    this.say('good', 'This is a preview: the answer is shown, not sent.');
    this.shown?.remove();
    this.shown = h('pre', { class: 'answer', 'aria-label': 'Answer', tabindex: 0 }, JSON.stringify(answer, null, 2));
    this.shadowRoot.append(this.shown);
  }

  reset() {
    for (const element of partsOf(this)) {
      if (element instanceof HTMLInputElement && ['radio', 'checkbox'].includes(element.type)) {
        element.checked = element.defaultChecked;
      } else if (element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement) {
        element.value = element.defaultValue;
      } else if (element instanceof HTMLSelectElement) {
        for (const option of element.options) option.selected = option.defaultSelected;
      } else {
        element.reset?.();
      }
    }
    this.say('', '');
  }
}

define('crowd-form', CrowdForm);
