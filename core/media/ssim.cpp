// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/ssim.h"

#include <algorithm>
#include <cstdint>

extern "C" {
#include <libavutil/pixdesc.h>
}

namespace sendoff::media {

namespace {

constexpr int window = 8; // pixels, square
constexpr int windowStep = 4;

struct Plane {
    const uint8_t *data;
    std::ptrdiff_t stride;
    bool isWide; // two bytes for each sample

    double at(int x, int y) const
    {
        const uint8_t *row = data + y * stride;
        return isWide ? double(reinterpret_cast<const uint16_t *>(row)[x]) : double(row[x]);
    }
};

double ssimOfWindow(const Plane &one, const Plane &other, int left, int top, double most)
{
    double sumOne = 0;
    double sumOther = 0;
    double squares = 0;
    double products = 0;
    for (int y = top; y < top + window; ++y) {
        for (int x = left; x < left + window; ++x) {
            const double a = one.at(x, y);
            const double b = other.at(x, y);
            sumOne += a;
            sumOther += b;
            squares += a * a + b * b;
            products += a * b;
        }
    }
    constexpr double pixels = double(window) * window;
    const double c1 = 0.01 * most * 0.01 * most;
    const double c2 = 0.03 * most * 0.03 * most;
    const double meanProduct = sumOne * sumOther / (pixels * pixels);
    const double meanSquares = (sumOne * sumOne + sumOther * sumOther) / (pixels * pixels);
    const double variances = squares / pixels - meanSquares;
    const double covariance = products / pixels - meanProduct;
    return (2 * meanProduct + c1) * (2 * covariance + c2)
        / ((meanSquares + c1) * (variances + c2));
}

} // namespace

double ssimOfLuma(const AVFrame *one, const AVFrame *other)
{
    const auto *format = av_pix_fmt_desc_get(static_cast<AVPixelFormat>(one->format));
    const int depth = format ? format->comp[0].depth : 8;
    const Plane first{one->data[0], one->linesize[0], depth > 8};
    const Plane second{other->data[0], other->linesize[0], depth > 8};
    const double most = double((1 << depth) - 1);
    double sum = 0;
    int windows = 0;
    for (int y = 0; y + window <= one->height; y += windowStep) {
        for (int x = 0; x + window <= one->width; x += windowStep) {
            sum += ssimOfWindow(first, second, x, y, most);
            ++windows;
        }
    }
    return windows > 0 ? sum / windows : 1;
}

} // namespace sendoff::media
