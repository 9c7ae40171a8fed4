/* Skip-gram with subwords and negative sampling (Mikolov et al., 2013; Bojanowski et al., 2017), several threads on
 * shared weights without locks. A centre word is the mean of its rows (its own and its n-grams'); each word of a window
 * of 1 to WINDOW words is told from NEGATIVES sampled ones. Compiled and called by skipgram.py. */
#include <math.h>
#include <pthread.h>
#include <stdint.h>
#include <string.h>

#define SIZE 128
#define NEGATIVES 5
#define WINDOW 5
#define LONGEST 400

typedef struct {
  const int32_t *corpus; int64_t n; const float *keep; const int64_t *first; const int32_t *rows;
  float *in, *out; int32_t vocabulary; const int32_t *noise; int64_t n_noise;
  int epochs; float rate; int thread, threads;
} job;

static inline uint64_t next(uint64_t *s) { *s ^= *s << 13; *s ^= *s >> 7; *s ^= *s << 17; return *s; }

static void pair(const job *j, const int32_t *targets, const float *h, float *g, float rate) {
  for (int k = 0; k <= NEGATIVES; k++) {
    if (k && targets[k] == targets[0]) continue;
    float *v = j->out + (int64_t)targets[k] * SIZE, x = 0;
    for (int d = 0; d < SIZE; d++) x += h[d] * v[d];
    float y = x > 8 ? 1 : x < -8 ? 0 : 1 / (1 + expf(-x)), step = ((k == 0) - y) * rate;
    for (int d = 0; d < SIZE; d++) { g[d] += step * v[d]; v[d] += step * h[d]; }
  }
}

static void centre(const job *j, const int32_t *sentence, int length, int at, uint64_t *s, float rate) {
  float h[SIZE] = {0}, g[SIZE] = {0};
  int64_t from = j->first[sentence[at]], to = j->first[sentence[at] + 1];
  if (to == from) return;
  for (int64_t r = from; r < to; r++) { const float *v = j->in + (int64_t)j->rows[r] * SIZE; for (int d = 0; d < SIZE; d++) h[d] += v[d]; }
  for (int d = 0; d < SIZE; d++) h[d] /= (float)(to - from);
  int window = 1 + (int)(next(s) % WINDOW);
  for (int o = -window; o <= window; o++) {
    int32_t targets[NEGATIVES + 1];
    if (!o || at + o < 0 || at + o >= length || sentence[at + o] >= j->vocabulary) continue;
    targets[0] = sentence[at + o];
    for (int k = 1; k <= NEGATIVES; k++) targets[k] = j->noise[next(s) % (uint64_t)j->n_noise];
    pair(j, targets, h, g, rate);
  }
  for (int64_t r = from; r < to; r++) { float *v = j->in + (int64_t)j->rows[r] * SIZE; for (int d = 0; d < SIZE; d++) v[d] += g[d]; }
}

static void *run(void *p) {
  const job *j = p;
  uint64_t s = 88172645463325252ULL + (uint64_t)j->thread * 7919;
  int64_t low = j->n * j->thread / j->threads, high = j->n * (j->thread + 1) / j->threads, seen = 0;
  double total = (double)(high - low) * j->epochs;
  int32_t sentence[LONGEST];
  for (int e = 0; e < j->epochs; e++)
    for (int64_t i = low; i < high;) {
      int length = 0;
      while (i < high && j->corpus[i] < 0) i++;
      while (i < high && j->corpus[i] >= 0 && length < LONGEST) {
        int32_t w = j->corpus[i++];
        seen++;
        if ((next(&s) & 0xffffff) / 16777216.0f < j->keep[w]) sentence[length++] = w;
      }
      float rate = j->rate * (float)fmax(1 - seen / total, 1e-3);
      for (int at = 0; at < length; at++) centre(j, sentence, length, at, &s, rate);
    }
  return 0;
}

void train(const int32_t *corpus, int64_t n, const float *keep, const int64_t *first, const int32_t *rows, float *in, float *out,
           int32_t vocabulary, const int32_t *noise, int64_t n_noise, int epochs, float rate, int threads) {
  pthread_t running[64];
  job jobs[64];
  for (int t = 0; t < threads && t < 64; t++) {
    jobs[t] = (job){corpus, n, keep, first, rows, in, out, vocabulary, noise, n_noise, epochs, rate, t, threads};
    pthread_create(&running[t], 0, run, &jobs[t]);
  }
  for (int t = 0; t < threads && t < 64; t++) pthread_join(running[t], 0);
}
