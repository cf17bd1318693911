// Runs before the page is drawn, so that it never shows in the other colours first.
(function () {
  var root = document.documentElement;
  var stored = localStorage.getItem('theme');
  if (stored === 'dark' || stored === 'light') {
    root.dataset.theme = stored;
  }
  document.addEventListener('click', function (event) {
    if (event.target.closest('[data-theme-toggle]')) {
      var isDark = root.dataset.theme ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
      root.dataset.theme = isDark ? 'light' : 'dark';
      localStorage.setItem('theme', root.dataset.theme);
    }
  });
})();
