// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/sample_picture.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <numbers>

namespace sendoff::media {

namespace {

// 3 × 5 dots per character: 0…9 and ':'.
constexpr std::array<std::uint16_t, 11> glyphs{075557, 026227, 071747, 071717, 055711, 074717,
                                               074757, 071111, 075757, 075717, 002020};
constexpr int glyphColumns = 3;
constexpr int glyphRows = 5;

struct YuvColour {
    std::uint8_t y, u, v;
};
constexpr YuvColour red{81, 90, 240};
constexpr YuvColour green{145, 54, 34};
constexpr YuvColour blue{41, 240, 110};
constexpr YuvColour white{235, 128, 128};
constexpr YuvColour black{16, 128, 128};

// xorshift64*: fast, and the same on every machine.
class NoiseSource {
public:
    explicit NoiseSource(std::uint64_t seed)
        : m_state(seed * 0x9e3779b97f4a7c15U + 1)
    {
    }
    std::uint64_t next()
    {
        m_state ^= m_state >> 12;
        m_state ^= m_state << 25;
        m_state ^= m_state >> 27;
        return m_state * 0x2545f4914f6cdd1dU;
    }

private:
    std::uint64_t m_state;
};

void fillRectangle(AVFrame *frame, int left, int top, int width, int height, YuvColour colour)
{
    const int right = std::clamp(left + width, 0, frame->width);
    const int bottom = std::clamp(top + height, 0, frame->height);
    left = std::clamp(left, 0, frame->width);
    top = std::clamp(top, 0, frame->height);
    for (int y = top; y < bottom; ++y)
        std::fill_n(frame->data[0] + y * frame->linesize[0] + left, right - left, colour.y);
    for (int y = top / 2; y < (bottom + 1) / 2; ++y) {
        const int count = (right + 1) / 2 - left / 2;
        std::fill_n(frame->data[1] + y * frame->linesize[1] + left / 2, count, colour.u);
        std::fill_n(frame->data[2] + y * frame->linesize[2] + left / 2, count, colour.v);
    }
}

void drawBackground(AVFrame *frame, int seed, double seconds)
{
    NoiseSource noise(std::uint64_t(seed) << 32 | std::uint64_t(std::llround(seconds * 1e6)));
    const int drift = static_cast<int>(seconds * 60) + seed * 37;
    for (int y = 0; y < frame->height; ++y) {
        std::uint8_t *row = frame->data[0] + y * frame->linesize[0];
        std::uint64_t bits = 0;
        for (int x = 0; x < frame->width; ++x) {
            if (x % 16 == 0)
                bits = noise.next();
            // A triangle wave: a gradient without hard edges, whatever the size.
            const int phase = (x + y / 2 + drift) & 0xff;
            const int level = phase < 128 ? phase : 255 - phase;
            row[x] = static_cast<std::uint8_t>(56 + level + int(bits & 0xf));
            bits >>= 4;
        }
    }
    for (int plane : {1, 2}) {
        for (int y = 0; y < (frame->height + 1) / 2; ++y) {
            std::uint8_t *row = frame->data[plane] + y * frame->linesize[plane];
            for (int x = 0; x < (frame->width + 1) / 2; ++x) {
                const int phase = (plane == 1 ? x + drift : y * 2 - drift) & 0xff;
                row[x] =
                    static_cast<std::uint8_t>(80 + (phase < 128 ? phase : 255 - phase) * 3 / 4);
            }
        }
    }
}

void drawGlyph(AVFrame *frame, int glyph, int left, int top, int dot)
{
    for (int row = 0; row < glyphRows; ++row) {
        for (int column = 0; column < glyphColumns; ++column) {
            const int bit = (glyphRows - 1 - row) * glyphColumns + (glyphColumns - 1 - column);
            if (((glyphs[std::size_t(glyph)] >> bit) & 1) != 0)
                fillRectangle(frame, left + column * dot, top + row * dot, dot, dot, white);
        }
    }
}

// mm:ss:cc
void drawClock(AVFrame *frame, double seconds)
{
    const auto hundredths = static_cast<int>(seconds * 100 + 0.5);
    const std::array<int, 3> parts{hundredths / 6000 % 100, hundredths / 100 % 60,
                                   hundredths % 100};
    const int dot = std::max(2, frame->width / 64 / 2 * 2);
    const int step = dot * (glyphColumns + 1);
    const int width = step * 8 + dot;
    int left = (frame->width - width) / 2 / 2 * 2;
    const int top = (frame->height - dot * (glyphRows + 2)) / 2 / 2 * 2;
    fillRectangle(frame, left, top, width, dot * (glyphRows + 2), black);
    left += dot;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (i > 0)
            drawGlyph(frame, 10, std::exchange(left, left + step), top + dot, dot);
        drawGlyph(frame, parts[i] / 10, std::exchange(left, left + step), top + dot, dot);
        drawGlyph(frame, parts[i] % 10, std::exchange(left, left + step), top + dot, dot);
    }
}

} // namespace

void drawSamplePicture(AVFrame *frame, int seed, double seconds)
{
    drawBackground(frame, seed, seconds);
    drawClock(frame, seconds);
    const int side = std::max(2, std::min(frame->width, frame->height) / 8 / 2 * 2);
    const int right = frame->width - side;
    const int bottom = frame->height - side;
    fillRectangle(frame, 0, 0, side, side, red);
    fillRectangle(frame, right, 0, side, side, green);
    fillRectangle(frame, 0, bottom, side, side, blue);
    fillRectangle(frame, right, bottom, side, side, white);
}

double sampleMelody(int seed, int channel, qint64 index, int sampleRate)
{
    // A pentatonic scale: any two of its notes go together.
    constexpr std::array<double, 5> scale{1.0, 9.0 / 8, 5.0 / 4, 3.0 / 2, 5.0 / 3};
    constexpr double noteSeconds = 0.25;
    const double time = double(index) / sampleRate;
    const auto note = static_cast<std::uint64_t>(time / noteSeconds);
    NoiseSource choice(std::uint64_t(seed) * 1000003 + note * 31 + std::uint64_t(channel));
    const double pitch =
        220.0 * scale[choice.next() % scale.size()] * static_cast<double>(1 + choice.next() % 2);
    const double inNote = time - double(note) * noteSeconds;
    // Fades in and out so that notes do not click.
    const double envelope = std::sin(std::numbers::pi * inNote / noteSeconds);
    return 0.45 * envelope * std::sin(2 * std::numbers::pi * pitch * time);
}

} // namespace sendoff::media
