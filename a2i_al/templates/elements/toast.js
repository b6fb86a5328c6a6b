// <crowd-toast text="…" duration="3000" opened>: a message that goes away by itself; a duration of 0 stays.

class CrowdToast extends CrowdElement {
  static observedAttributes = ['opened', 'text'];

  render(root) {
    this.message = h('div', { class: 'toast', role: 'status' });
    root.append(this.message);
    this.attributeChangedCallback();
  }

  attributeChangedCallback() {
    if (!this.message) return;
    clearTimeout(this.timer);
    const opened = this.flag('opened');
    // Emptied while closed: a status is announced when its text appears.
    this.message.replaceChildren(...(opened ? [this.attribute('text'), h('slot')] : []));
    this.message.hidden = !opened;
    const duration = Number(this.attribute('duration', '3000'));
    if (opened && duration > 0) this.timer = setTimeout(() => this.close(), duration);
  }

  get opened() {
    return this.flag('opened');
  }

  set opened(opened) {
    this.toggleAttribute('opened', Boolean(opened));
  }

  open() {
    this.opened = true;
  }

  close() {
    this.opened = false;
  }

  show() {
    this.open();
  }

  hide() {
    this.close();
  }
}

define('crowd-toast', CrowdToast);
