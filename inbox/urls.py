from django.urls import path

from inbox import views

app_name = "inbox"
urlpatterns = [
    path("", views.home, name="home"),
    path("reminders/seen/", views.reminder_seen, name="reminder_seen"),
    path("news/", views.news, name="news"),
    path("news/<uuid:pk>/seen/", views.use_case_seen, name="use_case_seen"),
    path("mail-wish/", views.mail_wish, name="mail_wish"),
]
