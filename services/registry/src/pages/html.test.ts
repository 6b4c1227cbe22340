import { expect, test } from 'vitest';
import { html } from './html.ts';
import { path } from './layout.ts';

test('what is text stays text, whatever it looks like', () => {
  const evil = `<script>alert("1")</script> & 'x'`;
  expect(html`<a title="${evil}">${[evil, 1, null, undefined, false]}</a>`.text).toBe(
    '<a title="&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;x&#39;">&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;x&#39;1</a>',
  );
  expect(html`${html`<b>${'<'}</b>`}`.text).toBe('<b>&lt;</b>');
  expect(path('a@b', '"><x', 5)).toBe('/graphs/a%40b/%22%3E%3Cx/5');
});
