// <crowd-tabs> of <crowd-tab header="…">s: one is seen at a time, all of them answer.

class CrowdTab extends CrowdElement {
  render(root) {
    this.setAttribute('role', 'tabpanel');
    this.setAttribute('aria-label', this.attribute('header'));
    root.append(h('div', { class: 'panel-body' }, h('slot')));
  }
}

class CrowdTabs extends CrowdElement {
  keys = [['← →', 'go to another tab, when the focus is on a tab']];

  render(root) {
    this.list = h('div', { class: 'tabs', role: 'tablist' });
    this.list.onkeydown = (event) => this.move(event);
    root.append(this.list, h('div', { class: 'panel' }, h('slot')));
    new MutationObserver(() => this.listTabs()).observe(this, { childList: true });
    // A control that needs the worker's attention is brought into view.
    this.addEventListener('crowd-reveal', ({ target }) => this.select(this.tabs.findIndex((tab) => tab.contains(target))));
    this.listTabs();
  }

  get tabs() {
    return [...this.children].filter((child) => child.localName === 'crowd-tab');
  }

  listTabs() {
    this.list.replaceChildren(...this.tabs.map((tab, index) => h('button', {
      class: 'tab', type: 'button', role: 'tab', onclick: () => this.select(index),
    }, tab.getAttribute('header') || `Tab ${index + 1}`)));
    this.select(Math.max(0, this.tabs.findIndex((tab) => tab.classList.contains('seen'))));
  }

  select(chosen) {
    this.tabs.forEach((tab, index) => {
      tab.hidden = index !== chosen;
      tab.classList.toggle('seen', index === chosen);
      this.list.children[index].setAttribute('aria-selected', String(index === chosen));
      this.list.children[index].tabIndex = index === chosen ? 0 : -1;
    });
  }

  move(event) {
    const tabs = [...this.list.children];
    const from = tabs.indexOf(event.target);
    const to = { ArrowLeft: from - 1, ArrowRight: from + 1, Home: 0, End: tabs.length - 1 }[event.key];
    if (to === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const next = (to + tabs.length) % tabs.length;
    this.select(next);
    tabs[next].focus();
  }
}

define('crowd-tabs', CrowdTabs);
define('crowd-tab', CrowdTab);
