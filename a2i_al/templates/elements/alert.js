// <crowd-alert type="info | success | error | warning" dismissible>: something to be noticed.

const MOODS = { info: 'Note', success: 'Success', error: 'Error', warning: 'Warning' };

class CrowdAlert extends CrowdElement {
  render(root) {
    const type = Object.hasOwn(MOODS, this.attribute('type')) ? this.attribute('type') : 'info';
    root.append(h('div', { class: `alert ${type}`, role: type === 'error' || type === 'warning' ? 'alert' : 'status' },
      makeIcon(type), h('span', { class: 'unseen' }, `${MOODS[type]}: `), h('div', { class: 'said' }, h('slot')),
      this.flag('dismissible') ? h('button', { class: 'quiet', type: 'button', 'aria-label': 'Dismiss', onclick: () => this.remove() },
        makeIcon('close')) : null));
  }
}

define('crowd-alert', CrowdAlert);
