/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/markup.h"

#include "core/base/utf8.h"

#define DEPTH_MAX 128u

/* clang-format off */
/* Whole tags: nothing of a message can be within one. */
static const struct {
	const char *open, *close;
} elements[] = {
	{ "<body>",         "</body>"    },
	{ "<h1>",           "</h1>"      },
	{ "<h2>",           "</h2>"      },
	{ "<p>",            "</p>"       },
	{ "<i>",            "</i>"       },
	{ "<code>",         "</code>"    },
	{ "<pre>",          "</pre>"     },
	{ "<aside>",        "</aside>"   },
	{ "<table>",        "</table>"   },
	{ "<tr>",           "</tr>"      },
	{ "<th>",           "</th>"      },
	{ "<td>",           "</td>"      },
	{ "<details>",      "</details>" },
	{ "<details open>", "</details>" },
	{ "<summary>",      "</summary>" },
	{ "<a href=\"/\">", "</a>"       },
	{ "<a href=\"/metrics\">",              "</a>" },
	{ "<a href=\"/~measurement@1.0/boot\">", "</a>" },
	{ "<a href=\"/~measurement@1.0/info\">", "</a>" },
	{ "<a href=\"/~meta@1.0/info\">",        "</a>" },
	{ "<a href=\"/~system@1.0/all\">",       "</a>" },
};
static const char *const entities[] = {
	"&amp;", "&lt;", "&gt;", "&quot;", "&#39;",
};
/* clang-format on */

struct state {
	struct bytes left;
	const char *open[DEPTH_MAX];
	size_t depth;
};

static bool
skip(struct state *s, const char *text)
{
	struct bytes prefix = bytes_text(text);

	if (!bytes_starts(s->left, prefix))
		return false;
	s->left = bytes_of(s->left.p + prefix.n, s->left.n - prefix.n);
	return true;
}

static bool
take_tag(struct state *s)
{
	if (s->depth > 0 && skip(s, s->open[s->depth - 1])) {
		s->depth--;
		return true;
	}
	for (size_t i = 0; i < sizeof(elements) / sizeof(elements[0]); i++) {
		if (s->depth < DEPTH_MAX && skip(s, elements[i].open)) {
			s->open[s->depth++] = elements[i].close;
			return true;
		}
	}
	return false;
}

static bool
take_entity(struct state *s)
{
	for (size_t i = 0; i < sizeof(entities) / sizeof(entities[0]); i++) {
		if (skip(s, entities[i]))
			return true;
	}
	return false;
}

static bool
take_text(struct state *s)
{
	size_t n = utf8_sequence(s->left.p, s->left.n);
	uint8_t c = s->left.p[0];
	bool control = c < 0x20 && c != '\n' && c != '\t';

	if (n == 0 || control || c == 0x7f || c == '>' || c == '"' || c == '\'')
		return false;
	s->left = bytes_of(s->left.p + n, s->left.n - n);
	return true;
}

bool
markup_holds(struct bytes page)
{
	const uint8_t *body = memmem(page.p, page.n, "<body>", 6);
	struct state s = { 0 };

	if (body == NULL)
		return false;
	s.left = bytes_of(body, page.n - (size_t)(body - page.p));
	do {
		bool good = s.left.p[0] == '<'   ? take_tag(&s)
			    : s.left.p[0] == '&' ? take_entity(&s)
						 : take_text(&s);

		if (!good)
			return false;
	} while (s.depth > 0 && s.left.n > 0);
	return bytes_is(s.left, "</html>\n");
}
