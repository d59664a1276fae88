// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/translations.h"

#include <QCoreApplication>
#include <QLocale>
#include <QTranslator>

static void initializeTranslations()
{
    Q_INIT_RESOURCE(translations); // a static library's resources; must stand outside of any namespace
}

namespace sendoff::app {

void installTranslations(QCoreApplication *application, const QLocale &locale)
{
    initializeTranslations();
    const QString folder = QStringLiteral(":/sendoff/translations");
    auto *translator = new QTranslator(application);
    if (!translator->load(locale, QStringLiteral("sendoff"), QStringLiteral("_"), folder)) {
        const bool isThere = translator->load(QStringLiteral("sendoff_en"), folder);
        Q_ASSERT(isThere);
        (void)isThere; // without it plurals read “video(s)”: no reason to stop
    }
    QCoreApplication::installTranslator(translator);
}

} // namespace sendoff::app
